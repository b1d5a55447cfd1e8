// Tests of which app shows a page inside itself.
import { expect, test } from 'vitest'
import { inAppOf, type InAppName, menuPlace } from './in-app'

const ANDROID =
  'Mozilla/5.0 (Linux; Android 14; 23013RK75C Build/UKQ1; wv) AppleWebKit/537.36 (KHTML, like Gecko)'
const VERSION = 'Version/4.0 Chrome/130.0.6723.103'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'

const AGENTS: [string, InAppName | null][] = [
  [
    `${ANDROID} ${VERSION} XWEB/1300333 MMWEBSDK/20250202 Mobile Safari/537.36 MicroMessenger/8.0.57`,
    'wechat',
  ],
  [`${IPHONE} Mobile/15E148 MicroMessenger/8.0.57(0x1800392b) NetType/WIFI Language/zh_CN`, 'wechat'],
  [`${ANDROID} ${VERSION} Mobile Safari/537.36 wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh`, 'wecom'],
  [`${IPHONE} Mobile/15E148 AliApp(DingTalk/7.6.40) com.laiwang.DingTalk/41234 Channel/201200`, 'dingtalk'],
  [`${ANDROID} ${VERSION} Mobile Safari/537.36 Lark/7.30.5 LarkLocale/zh_CN`, 'feishu'],
  [`${IPHONE} Mobile/15E148 Weibo (iPhone15,2__weibo__15.4.0__iphone__os18.5)`, 'weibo'],
  [`${ANDROID} ${VERSION} Mobile Safari/537.36 V1_AND_SQ_9.1.50_8988 QQ/9.1.50.23835 NetType/4G`, 'qq'],
  [
    `${ANDROID} ${VERSION} MQQBrowser/6.2 TBS/047205 Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0`,
    'wechat',
  ],
  [`${ANDROID} ${VERSION} Mobile Safari/537.36 AlipayClient/10.7.0`, 'alipay'],
  [`${ANDROID} ${VERSION} Mobile Safari/537.36 aweme_340000 JsSdk/1.0`, 'douyin'],
  [`${IPHONE} Mobile/15E148 Safari Line/15.6.0`, 'line'],
  [`${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/510.0.0;]`, 'facebook'],
  [`${ANDROID} ${VERSION} Mobile Safari/537.36`, 'webview'],
  [`${IPHONE} Mobile/15E148`, 'webview'],
  // Browsers.
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36',
    null,
  ],
  ['Mozilla/5.0 (Linux; U; Android 14) AppleWebKit/537.36 MQQBrowser/15.6 Mobile Safari/537.36', null],
  [`${IPHONE} Version/18.5 Mobile/15E148 Safari/604.1`, null],
  [`${IPHONE} CriOS/142.0 Mobile/15E148 Safari/604.1`, null],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36', null],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0', null],
  ['', null],
]

test.each(AGENTS)('%s', (userAgent, app) => {
  expect(inAppOf(userAgent)).toBe(app)
})

test('of a text without end only the beginning is read', () => {
  expect(inAppOf('x'.repeat(50_000) + 'MicroMessenger/8')).toBe(null)
})

test('only a preview on iOS has its menu below', () => {
  expect(menuPlace('webview', IPHONE)).toBe('bottom')
  expect(menuPlace('webview', ANDROID)).toBe('top')
  expect(menuPlace('wechat', IPHONE)).toBe('top')
})
