// The reference photos, asked for with whatever the page was opened with: the session, or the seat's own token.

let bearer: string | null = null

/** From now on photos are asked for with this token; null for the session's cookie. */
export function photosBy(token: string | null): void {
  bearer = token
}

/** The photo, or null where there is none to be had. */
export async function loadPhoto(seat: string): Promise<Blob | null> {
  const headers: Record<string, string> = { 'X-Viva': '1' }
  if (bearer !== null) headers.authorization = `Bearer ${bearer}`
  try {
    const response = await fetch(`/api/candidates/${encodeURIComponent(seat)}/photo`, { headers, credentials: 'same-origin' })
    const type = response.headers.get('content-type') ?? ''
    return response.ok && /^image\/(jpeg|png)\b/.test(type) ? await response.blob() : null
  } catch {
    return null
  }
}
