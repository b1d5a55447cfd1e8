// How the page looks and which language it speaks, in Chinese.
export const settings = {
  title: '设置',
  close: '关闭',
  theme: '外观',
  themes: {
    system: '跟随系统',
    light: '浅色',
    dark: '深色',
  },
  language: '语言',
}
