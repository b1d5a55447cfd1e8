// The one line under the frame: what is going on, or what would help.
import type { FaceHint } from '../protocol/interview'
import type { FaceCheckState } from './check'

export interface FaceLine {
  /** `warn` asks for something, `good` is as it should be. */
  tone: 'wait' | 'warn' | 'good'
  says:
    | { hint: FaceHint }
    | { line: 'opening' | 'connecting' | 'lost' | 'looking' | 'right' | 'starting' | 'hold' }
    | { line: 'queue'; count: number }
}

/** Whether both say the same. */
export function sameLine(one: FaceLine | null, other: FaceLine | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** @param camera whether it gives a picture */
export function faceLine(
  { phase, lost, seen, hint, ahead }: FaceCheckState,
  camera: boolean,
): FaceLine | null {
  if (phase === 'over' || phase === 'stopped') return null
  if (!camera) return { tone: 'wait', says: { line: 'opening' } }
  if (phase === 'connecting')
    return lost ? { tone: 'warn', says: { line: 'lost' } } : { tone: 'wait', says: { line: 'connecting' } }
  if (ahead > 0) return { tone: 'wait', says: { line: 'queue', count: ahead } }
  if (phase === 'starting') return { tone: 'wait', says: { line: 'starting' } }
  if (hint !== null) return { tone: 'warn', says: { hint } }
  if (phase === 'checking') return { tone: 'good', says: { line: 'hold' } }
  return seen ? { tone: 'good', says: { line: 'right' } } : { tone: 'wait', says: { line: 'looking' } }
}
