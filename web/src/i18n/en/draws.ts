// Texts about random draws, in English.
export const draws = {
  title: 'Draws',
  titleOpen: 'Draws (one is waiting to be drawn)',
  close: 'Close the draws',
  text: 'First a commitment, then the draw: the server makes a random seed and shows a hash of seed and list (the commitment) to all of the staff. A witness then says some words, which decide together with the seed. After the draw the seed is shown, and anybody can work out the same outcome.',
  what: 'What is drawn',
  kind: { order: 'Order of candidates', questions: 'Sets of questions', rooms: 'Rooms and panels' },
  about: {
    order:
      'The order in which all candidates on the list are called. Can be drawn until the first one is called.',
    questions:
      'A set of questions for each candidate on the list, every set about equally often. Can be drawn until somebody is asked.',
    rooms:
      'A room for each line of a list (numbers, names of examiners), every room about equally often. The outcome is for export and planning; nobody is moved by it.',
  },
  entries: 'List',
  entriesHint: 'One a line, at most 2,000',
  rooms: 'Rooms',
  roomsHint: 'One a line, at most 200',
  reason: 'Why it is drawn again',
  reasonHint:
    'The earlier draw stays in the record; one that was not drawn is given up, and its seed is shown.',
  begin: 'Make the commitment',
  none: 'Nothing was drawn yet',
  loading: 'Loading the draws',
  nth: 'Draw {number}',
  state: { committed: 'Committed, to be drawn', drawn: 'Drawn', given_up: 'Given up' },
  begun: 'Committed by {by}, {time}',
  counts: '{people} people, {of} lots',
  again: 'Drawn again: {reason}',
  erased: 'Data of somebody on the list were erased, so the hash of the list cannot be found again from it.',
  commitment: 'Commitment (SHA-256)',
  seed: 'Seed',
  seedLost: 'The server has another secret by now, so the seed cannot be shown.',
  copy: 'Copy',
  copied: 'Copied',
  copyOf: 'Copy: {what}',
  aloud: 'To read aloud',
  openText:
    'Witnesses note or photograph the commitment now. From here on neither seed nor list can be changed.',
  words: 'Words of a witness',
  wordsHint:
    'Said now by somebody who does not run the server, such as the temperature outside or any sentence. No names or other personal data.',
  wordsWere: 'Words of a witness: {words}',
  draw: 'Draw',
  drawTitle: 'Draw now: {kind}?',
  drawText: {
    order:
      'The seed is shown at once, and the outcome is the order of the queue; moves and deferrals made by hand are replaced. This cannot be undone.',
    questions:
      'The seed is shown at once, and the outcome is each candidate’s set of questions; sets chosen before are replaced. This cannot be undone.',
    rooms: 'The seed is shown at once. This cannot be undone.',
  },
  noWords: 'There are no words of a witness: the server’s seed will decide alone.',
  listHash: 'Hash of the list:',
  ended: { drawn: 'Drawn {time}', given_up: 'Given up {time}', committed: '{time}' },
  outcome: 'Outcome',
  list: 'List',
  lots: 'Lots: {lots}',
  comma: ', ',
  notYet: 'To be drawn',
  head: { order: 'Number', questions: 'Number', rooms: 'List' },
  lot: { order: 'Place', questions: 'Set', rooms: 'Room' },
  check:
    'The export holds commitment, list, seed and outcome. Anybody can check it by the command below, or by the Python script of the documentation (verify_draws.py).',
  export: 'Export draws.json',
}
