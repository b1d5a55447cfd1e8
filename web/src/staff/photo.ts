// The reference photos, asked for with whatever the page was opened with: the session, or the seat's own token.

/**
 * The photo, or null where there is none to be had.
 * @param bearer the seat's token of a page that was opened by a link; null for the session's cookie
 */
export async function loadPhoto(seat: string, bearer: string | null): Promise<Blob | null> {
  const headers: Record<string, string> = { 'X-Viva': '1' }
  if (bearer !== null) headers.authorization = `Bearer ${bearer}`
  try {
    const response = await fetch(`/api/candidates/${encodeURIComponent(seat)}/photo`, {
      headers,
      credentials: 'same-origin',
    })
    const type = response.headers.get('content-type') ?? ''
    return response.ok && /^image\/(jpeg|png)\b/.test(type) ? await response.blob() : null
  } catch {
    return null
  }
}
