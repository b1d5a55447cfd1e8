// What forms say, in English.
import type { forms as zh } from '../zh-CN/forms'

export const forms: typeof zh = {
  cancel: 'Cancel',
  reasonHelp: 'Required; it goes into the audit log.',
  optional: 'optional',
  showAll: 'Show all',
  nothingFound: 'Nothing matches.',
  typeMore: '{count} more: type on to narrow the list.',
  reveal: 'Show the password',
  signedOut: 'Your session is over; what you typed is kept. Sign in again, then try once more.',
  refused: 'The server did not accept this; what you typed is kept. Try again later.',
  unreachable: 'The server cannot be reached; what you typed is kept. Check your network and try again.',
  problem: {
    needed: 'Please fill this in.',
    long: 'At most {max} letters.',
    whole: 'A whole number from {min} to {max}.',
    points: 'A number of points, with at most two decimals.',
    phone: 'A mobile number, for example 13800000000 or +85200000000.',
    time: 'Choose a date and a time.',
    order: 'The end must be later than the beginning.',
    minAboveMax: 'The lowest points must be below the highest.',
    maxZero: 'The highest points must be above 0.',
    account: 'Letters, digits, dots, hyphens and underscores only, or an e-mail address.',
    short: 'At least {min} characters.',
    different: 'The two are not the same.',
    samePassword: 'The new password must be another one.',
    space: 'No spaces in it.',
  },
}
