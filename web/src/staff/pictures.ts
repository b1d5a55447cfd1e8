// Pictures of candidates, asked for with whatever the page was opened with: the session, or the seat's own token.
import { file, get, post, Unreachable } from '../interview/api'
import type { FaceTrialView } from '../interview/types'

/** What a score means, by how this server is set. */
export interface FaceThresholds {
  /** From here on one picture says that it is the person. */
  same: number
  /** Below this it is somebody else. */
  different: number
}

/** A picture that a candidate sends before the room. */
export interface ShownPicture {
  number: number
  picture: Blob
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
  /**
   * The next picture that a candidate before the room sends after the one with this number, 0 for any; null where none has come
   * in time. Throws as all requests.
   */
  showing(seat: string, has: number): Promise<ShownPicture | null>
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
    showing: (seat, has) => showing(path(seat, `showing?after=${has}`), bearer),
    thresholds: () => get<FaceThresholds>('/api/face-thresholds', bearer === null ? {} : { bearer }),
  }
}

/** Milliseconds: longer than the server waits for a picture. */
const PATIENCE = 15_000

async function showing(address: string, bearer: string | null): Promise<ShownPicture | null> {
  const response = await asked(address, bearer, AbortSignal.timeout(PATIENCE))
  if (response.status === 204) return null
  if (!response.ok) throw new Unreachable()
  return { number: Number(response.headers.get('viva-picture')), picture: await response.blob() }
}

function asked(address: string, bearer: string | null, signal: AbortSignal | null = null): Promise<Response> {
  const headers: Record<string, string> = { 'X-Viva': '1' }
  if (bearer !== null) headers.authorization = `Bearer ${bearer}`
  return fetch(address, { headers, credentials: 'same-origin', signal })
}

async function load(address: string, bearer: string | null): Promise<Blob | null> {
  try {
    const response = await asked(address, bearer)
    const type = response.headers.get('content-type') ?? ''
    return response.ok && /^image\/(jpeg|png)\b/.test(type) ? await response.blob() : null
  } catch {
    return null
  }
}
