// Line icons on a 24 × 24 field, drawn for these pages: those of the first page, and the way to all others.
import type { MORE_ICONS } from './more-icons'

const FIRST_ICONS = {
  camera:
    'M5 6.5h8.5a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2ZM15.5 11l4.2-2.8a.8.8 0 0 1 1.3.7v6.2a.8.8 0 0 1-1.3.7L15.5 13',
  globe:
    'M12 3.500a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM3.5 12h17M12 3.500c2.6 2.5 3.8 5.3 3.8 8.500s-1.2 6-3.8 8.500c-2.6-2.5-3.8-5.3-3.8-8.500S9.4 6 12 3.500Z',
  alert:
    'M12 8.500v4.500M12 16.500v.1M10.7 4.3 2.9 17.800A1.5 1.5 0 0 0 4.2 20h15.600a1.5 1.5 0 0 0 1.3-2.200L13.3 4.300a1.5 1.5 0 0 0-2.6 0Z',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  lock: 'M7 10.500V8a5 5 0 0 1 10 0v2.500M6.5 10.500h11a1.5 1.5 0 0 1 1.5 1.500v6.500a1.5 1.5 0 0 1-1.5 1.500h-11A1.5 1.5 0 0 1 5 18.500V12a1.5 1.5 0 0 1 1.5-1.500Z',
  refresh:
    'M19.5 5v4.500H15M4.5 19v-4.500H9M5.6 9.500a7 7 0 0 1 12.2-2.300l1.7 2.300M18.4 14.500a7 7 0 0 1-12.2 2.300l-1.7-2.3',
  copy: 'M9.500 8.500h8A1.500 1.500 0 0 1 19 10v8.500a1.500 1.500 0 0 1-1.500 1.500h-8A1.500 1.500 0 0 1 8 18.500V10a1.500 1.500 0 0 1 1.500-1.500ZM5.500 15.500A1.500 1.500 0 0 1 4 14V5.500A1.500 1.500 0 0 1 5.500 4H14a1.500 1.500 0 0 1 1.500 1.500',
} as const

export type IconName = keyof typeof FIRST_ICONS | keyof typeof MORE_ICONS

const drawn: Partial<Record<IconName, string>> = { ...FIRST_ICONS }

/** The lines of an icon. */
export function linesOf(name: IconName): string {
  return drawn[name] ?? ''
}

/** Before any page but the first is shown. */
export function addIcons(icons: Partial<Record<IconName, string>>): void {
  Object.assign(drawn, icons)
}
