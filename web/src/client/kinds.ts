// Words for tracks that the protocol writes out in place.
export type { TrackSource } from './protocol'

export type MediaKind = 'audio' | 'video'
