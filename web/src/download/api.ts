// What the download pages ask of the server.
import { get } from '../interview/api'
import type { Offered } from './builds'

export const offered = () => get<Offered>('/api/downloads')
