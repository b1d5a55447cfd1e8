// Signing in, in English.
import type { signin as zh } from '../zh-CN/signin'

export const signin: typeof zh = {
  title: 'Staff sign-in',
  text: 'For examiners, hosts, patrols and administrators.',
  account: 'Account',
  name: 'Name',
  password: 'Password',
  passwordHint: 'At least 10 characters. A few words in a row are easy to remember and hard to guess.',
  again: 'The password once more',
  enter: 'Sign in',
  out: 'Sign out',
  forgotten: 'Forgotten the password? An administrator can set a new one. Candidates need no account:',
  candidate: 'enter with an invitation code',
  first: {
    title: 'Create the first administrator',
    text: 'This server has no administrator yet. When it started it wrote a one-time code into its log; enter it here.',
    code: 'One-time code',
    codeHint: 'It stands in the server’s log. Running viva admin create on the server works too.',
    create: 'Create and sign in',
    done: 'There is an administrator',
    doneText: 'This server has its administrator already. Please sign in.',
  },
  change: {
    title: 'Change password',
    text: 'Account: {account}',
    old: 'Old password',
    new: 'New password',
    save: 'Save',
    done: 'The password is changed. Use the new one from now on.',
    back: 'Back',
  },
  role: {
    candidate: 'Candidate',
    examiner: 'Examiner',
    host: 'Host',
    patrol: 'Patrol',
  },
}
