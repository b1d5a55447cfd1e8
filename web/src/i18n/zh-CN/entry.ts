// The way in, what is said inside other apps, and of a part that has not come, in Chinese.
export const nowhere = {
  title: '这里没有页面',
  text: '地址可能没有复制完整，或链接已经失效。请从短信或邮件中重新打开链接，或在此输入面谈邀请码。',
}

export const entry = {
  title: '远程面谈，如在面前',
  intro: 'Viva 面谈用于研究生复试、公务员与招聘面试、论文答辩等线上面谈。无需安装软件，打开浏览器即可进入。',
  label: '面谈邀请码或链接',
  placeholder: '输入短信中的邀请码，或粘贴工作人员发给您的链接',
  open: '打开面谈房间',
  others: '其他入口',
  staff: '工作人员登录',
  test: '连接检测',
  download: '下载应用',
  problem: {
    empty: '请先输入邀请码或粘贴面谈链接。',
    wrong: '这不是有效的邀请码或面谈链接。请从短信或邮件中完整复制后重试。',
  },
  private: '音视频只经过主办单位自己的服务器，全程加密。',
  devices: '电脑与手机均可使用，请准备好摄像头和麦克风。',
  back: '网络中断后会自动恢复，回到原来的座位。',
}

export const inside = {
  title: '请在浏览器中打开',
  text: '{app}中打开的页面可能无法使用摄像头和麦克风。',
  menu: { top: '点击右上角的 ··· 菜单', bottom: '点击屏幕下方的浏览器图标' },
  choose: '选择“在浏览器中打开”（或“用默认浏览器打开”）',
  kept: '邀请码会一起带过去，无需重新输入。',
  copy: '复制链接',
  copied: '链接已复制，请粘贴到浏览器的地址栏',
  link: '面谈链接',
  app: {
    wechat: '微信',
    wecom: '企业微信',
    qq: 'QQ ',
    dingtalk: '钉钉',
    feishu: '飞书',
    weibo: '微博',
    alipay: '支付宝',
    douyin: '抖音等应用',
    line: 'LINE ',
    facebook: 'Facebook ',
    webview: '其他应用',
  },
}

export const lost = {
  title: '没有完整打开',
  newer: '服务器上的页面已经更新，请重新载入页面后继续。',
  unreachable: '暂时连不上服务器，这一部分没有载入。请检查网络后再试一次；如仍打不开，请重新载入页面。',
  missing: '这一部分没有载入。请重新载入页面；如仍打不开，请联系工作人员。',
  reload: '重新载入',
  later: '稍后',
}
