// Starts the page: the theme at once, and the texts on their way while all else is.
import { installation } from './download/install'
import { readLocale } from './i18n/locale'
import { PARTS } from './i18n/parts'
import { giveUp } from './shell'
import { applyTheme, readTheme } from './ui/theme'

applyTheme(readTheme())
installation()
// Whether they come is for the page to find out.
PARTS[readLocale()].start().catch(() => undefined)
void open()

async function open(): Promise<void> {
  try {
    await import('./app')
  } catch {
    void giveUp()
  }
}
