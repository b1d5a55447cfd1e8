// Pictures of candidates, asked for with whatever the page was opened with: the session, or the seat's own token.
import { file, get, post } from '../interview/api'
import type { FaceTrialView } from '../interview/types'

/** What a score means, by how this server is set. */
export interface FaceThresholds {
  /** From here on one picture says that it is the person. */
  same: number
  /** Below this it is somebody else. */
  different: number
}

export interface SeatPictures {
  /** The reference photo; null where there is none to be had. */
  photo(seat: string): Promise<Blob | null>
  /** What was kept of a face check, by its number; null once it is erased. */
  ofCheck(seat: string, number: number): Promise<Blob | null>
  /** A paper of a candidate; null where there is none to be had. */
  paper(seat: string, number: number): Promise<Blob | null>
  /** Compares this picture with the reference photo. Throws as all requests. */
  look(seat: string, picture: Blob): Promise<FaceTrialView>
  /** Throws as all requests. */
  thresholds(): Promise<FaceThresholds>
}

/** @param bearer the seat's token of a page that was opened by a link; null for the session's cookie */
export function picturesOf(bearer: string | null): SeatPictures {
  const path = (seat: string, rest: string) => `/api/candidates/${encodeURIComponent(seat)}/${rest}`
  return {
    photo: (seat) => load(path(seat, 'photo'), bearer),
    ofCheck: (seat, number) => load(path(seat, `face-pictures/${number}`), bearer),
    paper: (seat, number) => file(path(seat, `papers/${number}`), bearer === null ? {} : { bearer }),
    look: (seat, picture) =>
      post<FaceTrialView>(path(seat, 'face-look'), picture, bearer === null ? {} : { bearer }),
    thresholds: () => get<FaceThresholds>('/api/face-thresholds', bearer === null ? {} : { bearer }),
  }
}

async function load(address: string, bearer: string | null): Promise<Blob | null> {
  const headers: Record<string, string> = { 'X-Viva': '1' }
  if (bearer !== null) headers.authorization = `Bearer ${bearer}`
  try {
    const response = await fetch(address, { headers, credentials: 'same-origin' })
    const type = response.headers.get('content-type') ?? ''
    return response.ok && /^image\/(jpeg|png)\b/.test(type) ? await response.blob() : null
  } catch {
    return null
  }
}
