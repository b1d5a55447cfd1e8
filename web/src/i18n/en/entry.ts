// The way in, what is said inside other apps, and of a part that has not come, in English.
import type * as zh from '../zh-CN/entry'

export const nowhere: typeof zh.nowhere = {
  title: 'There is no page here',
  text: 'The address may not have been copied whole, or the link is no longer valid. Open the link from your message again, or type your invitation code here.',
}

export const entry: typeof zh.entry = {
  title: 'Interviews at a distance, face to face',
  intro:
    'Viva runs admission interviews, recruitment panels and vivas online. Nothing to install: it opens in your browser.',
  label: 'Invitation code or interview link',
  placeholder: 'Type the code from your message, or paste the link the staff sent you',
  open: 'Open the interview room',
  others: 'Other ways in',
  staff: 'Staff sign-in',
  test: 'Connection test',
  download: 'Apps',
  problem: {
    empty: 'Type your invitation code or paste your interview link first.',
    wrong:
      'This is neither an invitation code nor an interview link. Copy it whole from your message and try again.',
  },
  private: 'Sound and picture pass only through the institution’s own server, encrypted all the way.',
  devices: 'Works on computers and phones. Have your camera and microphone ready.',
  back: 'If the network drops, you come back to your seat by yourself.',
}

export const inside: typeof zh.inside = {
  title: 'Please open this in the browser',
  text: 'A page inside {app} may not be able to use camera and microphone.',
  menu: { top: 'Tap the menu ··· at the top right', bottom: 'Tap the browser’s mark at the bottom' },
  choose: 'Choose “Open in browser” (or “Open in default browser”)',
  kept: 'Your invitation code comes along: there is nothing to type again.',
  copy: 'Copy the link',
  copied: 'The link is copied: paste it into the browser’s address bar',
  link: 'Link to the interview',
  app: {
    wechat: 'WeChat',
    wecom: 'WeCom',
    qq: 'QQ',
    dingtalk: 'DingTalk',
    feishu: 'Feishu',
    weibo: 'Weibo',
    alipay: 'Alipay',
    douyin: 'Douyin and the like',
    line: 'LINE',
    facebook: 'Facebook',
    webview: 'another app',
  },
}

export const lost: typeof zh.lost = {
  title: 'This did not open',
  newer: 'The server has newer pages by now. Reload the page to go on.',
  unreachable:
    'The server cannot be reached, and this part did not load. Check your network and try again; if it still does not open, reload the page.',
  missing: 'This part did not load. Reload the page; if it still does not open, contact the staff.',
  reload: 'Reload',
  later: 'Later',
}
