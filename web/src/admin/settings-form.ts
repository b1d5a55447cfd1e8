// The institution's settings while they are being written.
import { atMost, collect, needed, type FieldProblem, type Problems, whole } from '../forms/fields'
import type { AdminSettings } from './api'
import { SMS_TEXTS, smsProblem, type SmsText } from './sms'

export const LANGUAGES = ['zh', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** Texts that candidates read, in the order in which they meet them. */
export const TEXTS = [
  'welcome',
  'privacy',
  'speaker_advice',
  'microphone_advice',
  'camera_advice',
  'next_steps',
  'farewell',
] as const
type TextName = (typeof TEXTS)[number]

const LONGEST_INSTITUTION = 100
const LONGEST_HOTLINE = 100
const LONGEST_HOURS = 100
const LONGEST_TEXT = 4_000
const LONGEST_RETENTION = 3_650

export interface SettingsDraft {
  institution: string
  hotline: string
  hours: string
  logo: string | null
  /** Empty keeps for good. */
  retention: string
  texts: Record<Language, Record<TextName, string>>
  sms: {
    /** In which language messages go out. */
    language: Language
    /** Empty where the usual words go out. */
    texts: Record<Language, Record<SmsText, string>>
  }
}

export function settingsDraft(settings: AdminSettings): SettingsDraft {
  const of = (language: Language) =>
    Object.fromEntries(TEXTS.map((name) => [name, settings.texts[language][name] ?? ''])) as Record<
      TextName,
      string
    >
  const sms = (language: Language) => ({
    invitation: settings.texts[language].sms_invitation ?? '',
    reminder: settings.texts[language].sms_reminder ?? '',
  })
  return {
    institution: settings.institution,
    hotline: settings.hotline,
    hours: settings.hotline_hours,
    logo: settings.logo_url,
    retention: settings.retention_days === null ? '' : String(settings.retention_days),
    texts: { zh: of('zh'), en: of('en') },
    sms: { language: settings.sms_language, texts: { zh: sms('zh'), en: sms('en') } },
  }
}

/** Fields of texts are called `zh.welcome` and so on, those of SMS `sms.zh.invitation`. */
export function settingsProblems(draft: SettingsDraft): Problems {
  const texts = LANGUAGES.flatMap((language) =>
    TEXTS.map((name): [string, FieldProblem | null] => [
      `${language}.${name}`,
      atMost(draft.texts[language][name], LONGEST_TEXT),
    ]),
  )
  const sms = LANGUAGES.flatMap((language) =>
    SMS_TEXTS.map((text): [string, FieldProblem | null] => [
      `sms.${language}.${text}`,
      smsProblem(draft.sms.texts[language][text]),
    ]),
  )
  return collect({
    institution: needed(draft.institution, LONGEST_INSTITUTION),
    hotline: atMost(draft.hotline, LONGEST_HOTLINE),
    hours: atMost(draft.hours, LONGEST_HOURS),
    retention: draft.retention.trim() === '' ? null : whole(draft.retention, 1, LONGEST_RETENTION),
    ...Object.fromEntries(texts),
    ...Object.fromEntries(sms),
  })
}

/** What is sent: what the server knows beyond these fields goes back unchanged. */
export function settingsBody(draft: SettingsDraft, before: AdminSettings): AdminSettings {
  const of = (language: Language) => ({
    ...before.texts[language],
    ...Object.fromEntries(TEXTS.map((name) => [name, draft.texts[language][name].trim()])),
    ...Object.fromEntries(SMS_TEXTS.map((text) => [`sms_${text}`, draft.sms.texts[language][text].trim()])),
  })
  return {
    ...before,
    institution: draft.institution.trim(),
    hotline: draft.hotline.trim(),
    hotline_hours: draft.hours.trim(),
    logo_url: draft.logo,
    retention_days: draft.retention.trim() === '' ? null : Number(draft.retention),
    sms_language: draft.sms.language,
    texts: { zh: of('zh'), en: of('en') },
  }
}

/** Which texts are still empty in a language: candidates would read nothing there. */
export function emptyTexts(draft: SettingsDraft, language: Language): number {
  return TEXTS.filter((name) => draft.texts[language][name].trim() === '').length
}

/** Pixels that a logo is drawn at: sharp at twice the height of the page's head. */
const LOGO = { width: 480, height: 96 }

/** The size of a logo that fits, never larger than it is. */
export function logoSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, LOGO.width / width, LOGO.height / height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
