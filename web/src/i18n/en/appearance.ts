// How the page looks and which language it speaks, in English.
import type * as zh from '../zh-CN/appearance'

export const settings: typeof zh.settings = {
  title: 'Settings',
  close: 'Close',
  theme: 'Appearance',
  themes: {
    system: 'System',
    light: 'Light',
    dark: 'Dark',
  },
  language: 'Language',
}
