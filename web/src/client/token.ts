// What a token says to the person who holds it. Only the server can tell whether it is true.

/** The readable part of a token (JWT, RFC 7519 §3). */
export interface TokenClaims {
  room: string | null
  name: string | null
  publish: boolean
  subscribe: boolean
  /** What the own pictures are to be encoded with, where the browser can. */
  codec: string | null
}

/** The claims, or null when this is no token at all. */
export function readToken(token: string): TokenClaims | null {
  const payload = token.split('.')[1]
  if (payload === undefined || token.split('.').length !== 3) return null
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    )
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof claims !== 'object' || claims === null) return null
    const { room, name, publish, subscribe, codec } = claims as Record<string, unknown>
    return {
      room: typeof room === 'string' ? room : null,
      name: typeof name === 'string' ? name : null,
      publish: publish === true,
      subscribe: subscribe === true,
      codec: typeof codec === 'string' ? codec : null,
    }
  } catch {
    return null
  }
}
