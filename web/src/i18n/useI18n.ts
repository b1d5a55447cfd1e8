// The texts of the page for a component, drawn anew when the language changes.
import { locale, t } from '.'

export function useI18n(): { readonly t: typeof t; readonly locale: typeof locale } {
  return { t, locale }
}
