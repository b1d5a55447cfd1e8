// Rehearsals, in English.
import type { rehearsal as zh } from '../zh-CN/rehearsal'

export const rehearsal: typeof zh = {
  mark: 'Rehearsal',
  candidate:
    'This is a rehearsal: nothing counts. For the interview itself, enter with the same code at the time you were told.',
  staff: 'This is a rehearsal: scores, results and messages count for nothing and are deleted when it ends.',
  over: 'The rehearsal is over',
  overText:
    'Nothing of it counts, and all of it is deleted. For the interview itself, enter with the same code at the time you were told.',
  staffOver:
    'Its scores, results and messages are deleted. Enter the interview itself in time, from your seats.',
  removedText:
    'The staff has removed you from this rehearsal. It makes no difference to the interview itself.',
  tab: 'Rehearsal',
  text: 'Try everything with the real people, codes and devices: while a rehearsal is open, candidates enter it with the codes they have, and the panel with its accounts. Questions are samples and nothing counts; when it ends all of it is deleted but for the report below.',
  until: 'A rehearsal ends by itself when the interview opens, at the latest.',
  snapshot:
    'A rehearsal has the list and the setup of the moment it was opened; what you change in the interview later is in the next one.',
  late: 'The interview has opened, or opens in a moment, so it cannot be rehearsed. To rehearse, let it open at least 10 minutes later, under “General”.',
  open: 'Open a rehearsal',
  openSure: 'Open a rehearsal now?',
  openText:
    'From now on the codes of {count} candidates lead into the rehearsal and not into the interview. Tell candidates and panel when it is; the words of reminders by SMS are in the settings.',
  opened: 'The rehearsal is open: candidates and panel can enter.',
  end: 'End the rehearsal',
  endSure: 'End the rehearsal?',
  endText:
    'Whoever is still in it leaves at once. Its messages, scores, results, photos, papers and SMS are deleted; only the report stays.',
  ended: 'The rehearsal is over, its contents are deleted and its report is kept.',
  running: 'Rehearsal under way',
  runningSince: 'Opened {at} by {by}',
  past: 'Earlier rehearsals',
  pastLine: '{from} – {to}',
  endedByTime: 'ended as the interview opened',
  endedBy: 'ended by {by}',
  none: 'Nothing was rehearsed yet.',
  count: '{came} of {people} candidates came, {passed} passed all checks',
  links: 'Staff who come by a link',
  linksText:
    'Examiners, hosts and patrols without an account enter the rehearsal by these links, which are others than those of the interview and end with the rehearsal. Who has an account enters from their seats.',
  csv: 'Download the report (CSV)',
  show: 'Show the report',
  hide: 'Hide the report',
  report: 'Report',
  person: 'Candidate',
  outcome: 'Outcome',
  device: 'Device',
  identity: 'Identity',
  speaker: 'Speaker',
  microphone: 'Microphone',
  camera: 'Camera',
  troubles: 'Troubles',
  gone: '(no longer in the list)',
  outcomes: {
    absent: 'did not come',
    passed: 'all passed',
    waived: 'let pass by the staff',
    open: 'not done',
  },
  devices: { computer: 'computer', tablet: 'tablet', phone: 'phone' },
  methods: { sms: 'SMS', face: 'face', staff: 'seen by the staff', override: 'by the staff' },
  passed: 'passed',
  failed: 'failed',
  never: '—',
  locked: 'too many wrong passwords or codes',
  network: 'bad network, {count} times',
  problem: '{device} {problem}',
  problems: {
    denied: 'not allowed',
    missing: 'not found',
    busy: 'in use elsewhere',
    insecure: 'needs HTTPS',
    failed: 'failed',
  },
}
