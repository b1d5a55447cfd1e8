// What the desk of an examiner says, in English.
import type * as zh from '../zh-CN/desk'

export const sheet: typeof zh.sheet = {
  title: 'Score sheet',
  tab: 'Scores',
  whom: 'Scores for',
  markOpen: 'not handed in',
  markDone: 'handed in',
  nobody: 'The score sheet appears here when a candidate comes before the panel.',
  overdue: 'Your scores for {name} are not handed in yet',
  nowBefore: '{name} is before the panel now',
  open: 'Open',
  noCriteria: 'This interview has no criteria to score.',
  range: '{min} to {max}',
  weight: 'weight {weight}',
  slide: '{name}: slide to score',
  noPoints: 'No points yet',
  wrong: 'Enter a number with at most two decimals.',
  bounds: 'Enter points from {min} to {max}.',
  remark: 'Remark',
  remarkHelp: 'For the panel only, shown to it once all have submitted',
  total: 'Total',
  submit: 'Submit scores',
  submitTitle: 'Submit your scores for {name}?',
  submitText: 'You cannot change them afterwards. Examiners see each other’s scores once all have submitted.',
  submitDone: 'Scores submitted',
  submitted: 'Submitted at {time} ({done} of {all} examiners).',
  hidden: 'The others’ scores show once all have submitted.',
  locked: 'The scores are locked and cannot be changed.',
  others: 'Scores of the other examiners',
  saving: 'Saving…',
  offline: 'No network; saved by itself once it is back',
  changed: 'Changes not saved yet',
  empty: 'Saved by itself as you fill it in',
  saved: 'Saved at {time}',
  again: 'Try again',
  missing: '{count} to go',
  needed: 'Please give points here first.',
  mean: 'Panel’s mean',
  meanOf: 'of {count}',
}

export const desk: typeof zh.desk = {
  now: 'Now',
  nobodyNow: 'nobody called in',
  done: 'Done',
  left: 'To come',
  next: 'Next',
  past: 'past {count} offline',
  allAway: 'All who wait are offline',
  nobody: 'Nobody waits',
}

export const own: typeof zh.own = {
  title: 'My scores',
  about:
    'For your eyes only, to measure all alike. What is not submitted is ranked as it stands and left out of the mean.',
  candidate: 'Candidate',
  rank: 'Rank',
  panel: 'Panel’s mean',
  open: 'not submitted',
  mean: 'My mean',
}

export const questions: typeof zh.questions = {
  nobody: 'Once a candidate is in, the questions are shown here.',
  title: 'Questions',
  drawn: 'Set drawn',
  notDrawn: 'None yet',
  drawnNow: 'The set of {name} is noted',
  look: 'Look at set',
  count: '{done} of {all} asked',
  asked: 'Asked',
  minutes: '{minutes} min',
  elsewhere: 'Asked besides, of other sets: {count}.',
}

export const note: typeof zh.note = {
  label: 'Private note',
  help: 'For your eyes only: in no scores, audit or export, but in a copy of the candidate’s personal data that the law demands.',
}
