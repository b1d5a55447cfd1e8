// Pages that other apps show inside themselves: most of them give no camera, and the real browser has to be opened.

export type InAppName =
  | 'wechat'
  | 'wecom'
  | 'qq'
  | 'dingtalk'
  | 'feishu'
  | 'weibo'
  | 'alipay'
  | 'douyin'
  | 'line'
  | 'facebook'
  | 'webview'

/** The marks that these apps leave, the more special one first: WeCom calls itself WeChat too. */
const MARKS: readonly (readonly [InAppName, RegExp])[] = [
  ['wecom', /wxwork\//i],
  ['wechat', /MicroMessenger\//i],
  ['dingtalk', /DingTalk|AliApp\(DingTalk/i],
  ['feishu', /\b(?:Lark|Feishu)\//i],
  ['weibo', /\bWeibo\b|__weibo__/i],
  ['alipay', /AlipayClient\/|AliApp\(AP/i],
  ['douyin', /aweme|BytedanceWebview|NewsArticle/i],
  // QQ itself; QQ's browser is one that can be used.
  ['qq', /\bQQ\/\d/],
  ['line', /\bLine\/\d/],
  ['facebook', /\bFB(?:AN|AV|_IAB)\b|Instagram/],
]

/** What only previews of messages and apps without a name are: Android marks them so, and iOS leaves Safari's name out. */
const IS_WEBVIEW = /;\s*wv\)/
const LONGEST = 1000

/** The app that shows this page inside itself; null in a browser. */
export function inAppOf(userAgent: string): InAppName | null {
  const text = String(userAgent).slice(0, LONGEST)
  const marked = MARKS.find(([, mark]) => mark.test(text))
  if (marked) return marked[0]
  if (IS_WEBVIEW.test(text)) return 'webview'
  const isBareIos = /iPhone|iPad|iPod/.test(text) && /AppleWebKit/.test(text) && !/Safari\//.test(text)
  return isBareIos ? 'webview' : null
}

/** Where the menu with “open in browser” is: as the app shows it on this system. */
export type MenuPlace = 'top' | 'bottom'

export function menuPlace(app: InAppName, userAgent: string): MenuPlace {
  // A preview on iOS has Safari's mark below it, to the right.
  return app === 'webview' && /iPhone|iPad|iPod/.test(userAgent) ? 'bottom' : 'top'
}
