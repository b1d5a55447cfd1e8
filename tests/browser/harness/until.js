// Waiting for a condition with an upper bound: no test sleeps and hopes.

/** What a person would wait before losing patience, in milliseconds. */
const PATIENCE = 15_000

/**
 * Asks again and again until the answer is neither false, null nor undefined, and gives it back. `what` names the
 * condition in the error, which carries the last answer of `look` too.
 */
export async function until(what, ask, { patience = PATIENCE, every = 50, look } = {}) {
  const end = performance.now() + patience
  let failure
  for (;;) {
    try {
      failure = undefined
      const answer = await ask()
      if (answer !== false && answer !== null && answer !== undefined) return answer
    } catch (error) {
      failure = error
    }
    if (performance.now() > end) break
    await new Promise((next) => setTimeout(next, every))
  }
  const seen = look ? `; last seen: ${JSON.stringify(await look().catch(String))}` : ''
  throw new Error(`in ${patience} ms not: ${what}${seen}`, { cause: failure })
}
