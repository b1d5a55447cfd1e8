// What an administrator decides about identity and the pledge, in English.
import type { rules as zh } from '../zh-CN/rules'

export const rules: typeof zh = {
  title: 'Identity and pledge',
  text: 'A code by SMS is always there and worth the same; before a face is compared, the candidate must agree to it.',
  face: 'Face check',
  uses: {
    off: 'Not used',
    once: 'At the first entry',
    each_entry: 'At every entry',
  },
  useHint: {
    off: 'Candidates verify by a code.',
    once: 'Compared with the registered photo at the first entry.',
    each_entry: 'Compared at the first entry, and whenever somebody comes back with the invitation’s code.',
  },
  attempts: 'Attempts',
  attemptsHint: '1 to 10; after that a code by SMS is the way.',
  turn: 'Turn of the head',
  turnHint: 'Asks for a turn to a side drawn by lot, so that a photo does not pass.',
  staff: 'A look by the staff',
  staffHint:
    'Candidates may ask a host to look at their picture and say who it is. It goes one way, and is neither recorded nor kept.',
  photoless: 'Candidates without a registered photo go by SMS.',
  photolessCount: '1 candidate has no photo. | {count} candidates have no photo.',
  pledge: 'Pledge of integrity',
  pledgeVersion: 'Pledge of integrity (version {version})',
  pledgeHint:
    'Candidates read and accept it after the identity step, before they go on; empty for none. A change counts as a new version, which those see who have not accepted yet.',
}
