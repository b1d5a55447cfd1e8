// What a page knows of the institution before the server has told.
import type { Settings } from '../interview/types'

export const NO_SETTINGS: Settings = {
  institution: '',
  logo_url: null,
  hotline: '',
  hotline_hours: '',
  texts: { zh: {}, en: {} },
  demo: false,
}
