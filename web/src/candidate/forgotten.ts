// Whether the server knows a candidate's browser no more.
import { Problem } from '../interview/api'

/** Is the cookie of no more use, or was it for a rehearsal that is over? */
export function isForgotten(error: unknown): error is Problem {
  return error instanceof Problem && (error.status === 401 || error.code === 'rehearsal_over')
}
