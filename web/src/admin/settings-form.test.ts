// Tests of the institution's settings while they are being written.
import { expect, test } from 'vitest'
import type { AdminSettings } from './api'
import { emptyTexts, logoSize, settingsBody, settingsDraft, settingsProblems } from './settings-form'

const settings = {
  institution: '示范大学',
  logo_url: null,
  hotline: '010-00000000',
  hotline_hours: '',
  retention_days: 90,
  sms_language: 'zh',
  texts: { zh: { welcome: '欢迎', later: '将来的文字' }, en: {} },
  sms: { kept: true },
} as unknown as AdminSettings

test('what the page does not know goes back as it came', () => {
  const body = settingsBody(settingsDraft(settings), settings)
  expect(body).toMatchObject({
    sms: { kept: true },
    retention_days: 90,
    texts: { zh: { welcome: '欢迎', later: '将来的文字', farewell: '' } },
  })
})

test('the words of SMS are kept by language, and one with an unknown place is not sent', () => {
  const draft = settingsDraft(settings)
  draft.sms.language = 'en'
  draft.sms.texts.en.reminder = ' {name}: {code} '
  expect(settingsBody(draft, settings)).toMatchObject({
    sms_language: 'en',
    texts: { zh: { sms_invitation: '' }, en: { sms_reminder: '{name}: {code}' } },
  })
  draft.sms.texts.zh.invitation = '{cod}'
  expect(Object.keys(settingsProblems(draft))).toEqual(['sms.zh.invitation'])
})

test('no retention keeps for good', () => {
  const draft = { ...settingsDraft(settings), retention: ' ' }
  expect(settingsProblems(draft)).toEqual({})
  expect(settingsBody(draft, settings).retention_days).toBeNull()
})

test('each text has its own field', () => {
  const draft = settingsDraft(settings)
  draft.texts.en.privacy = 'x'.repeat(4_001)
  draft.institution = ''
  draft.retention = '0'
  expect(Object.keys(settingsProblems(draft))).toEqual(['institution', 'retention', 'en.privacy'])
  expect(emptyTexts(draft, 'zh')).toBe(6)
  expect(emptyTexts(draft, 'en')).toBe(6)
})

test.each([
  [2000, 1000, { width: 192, height: 96 }],
  [3000, 100, { width: 480, height: 16 }],
  [50, 40, { width: 50, height: 40 }],
  [10_000, 1, { width: 480, height: 1 }],
])('a logo of %i × %i is drawn at %j', (width, height, size) => {
  expect(logoSize(width, height)).toEqual(size)
})
