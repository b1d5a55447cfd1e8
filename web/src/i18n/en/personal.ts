// Personal data on request, in English.
export const personal = {
  text: 'Finds everything that is kept of one person by exam number or phone, to hand it out or erase it on request. Each of these is written to the audit.',
  by: 'Find by',
  bys: {
    number: 'Exam number',
    phone: 'Phone',
  },
  number: 'Exam number',
  phone: 'Phone',
  find: 'Find',
  nobody: 'Nobody is found',
  nobodyText: 'Give the whole number or phone. It may also have been erased when its time was over.',
  removed: 'Taken off the list',
  nameless: 'Erased',
  export: 'Export data',
  erase: 'Erase data',
  eraseSure: 'Erase everything of {name} (exam number {number})?',
  eraseSureText:
    'Name, phone, photo, pictures of face checks, chat, texts of messages and devices are erased and cannot be brought back.',
  eraseType: 'Type the exam number {number} to confirm',
  keep: 'Keep the exam number and the result',
  keepHint: 'Only where the institution must keep results by law. Switched off, the result goes too.',
  erased: 'Everything of {number} is erased',
  audit: 'Audit',
  auditText:
    'What was exported, erased on request and erased in time. It stays when the interview is deleted.',
  auditEmpty: 'Nothing yet.',
  earlier: 'Load earlier lines',
  deed: {
    interview_deleted: 'Interview deleted for good',
    invitations_exported: 'Invitation codes exported',
    person_exported: 'Person exported',
    person_erased: 'Person erased',
    photos_erased: 'Photos erased in time',
    sms_texts_erased: 'Texts of messages erased in time',
    other: 'Something else',
  },
}
