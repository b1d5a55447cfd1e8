// What the staff reads of a candidate's identity, in English.
import type { identity as zh } from '../zh-CN/identity'

export const identity: typeof zh = {
  title: 'Identity check',
  open: 'Details',
  reference: 'Reference photo',
  captured: 'Picture of the check',
  capturedAt: 'Picture of the check · {time}',
  pictureOf: 'Picture of the check of {name}',
  noPicture: 'No picture',
  erased: 'Erased when its time was over',
  enlarge: 'Compare both pictures, large',
  compare: '{name}: both pictures',
  score: 'Similarity {score}',
  scoreAbout:
    '1 is the most. The same person is usually above 0.40, another one below 0.30; poor pictures change the figure, so trust your eyes.',
  suspects:
    '1 check is suspect: please compare the pictures. | {count} checks are suspect: please compare the pictures.',
  look: 'Compare now',
  looking: 'Comparing…',
  lookAbout: 'Compares the picture being received with the reference photo, and records it.',
  noLook: 'No picture comes from this candidate, so nothing can be compared.',
  lookResult: 'Compared now: {outcome}',
  lookScore: 'Compared now: {outcome}, similarity {score}',
  trials: 'Comparisons',
  noTrials: 'No faces were compared.',
  atDoor: 'At the identity step',
  inRoom: 'By the staff',
  outcome: {
    passed: 'The same',
    different: 'Different',
    unclear: 'Cannot be told',
    not_followed: 'Did not move as told',
    changed: 'Another face came in',
    not_seen: 'No face seen',
    failed: 'Not finished',
  },
  consented: 'Agreed to the face check at {time}',
  refused: 'Refused the face check at {time}: by SMS',
  pledged: 'Accepted the pledge at {time}',
  verifyAgain: 'Verify again',
  verifyTitle: 'Ask {name} to verify again?',
  verifyText:
    'The candidate leaves the room at once for the identity page, and comes back to waiting when it is passed.',
  verifyAsked: '{name} was asked to verify again',
  toLookAt: 'To be looked at',
  onlyThose: 'To be looked at ({count})',
}
