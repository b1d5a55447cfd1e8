// 部署检查的文字。
export const doctor = {
  title: '部署检查',
  text: '考试前检查端口、证书、时钟、内核、磁盘、数据库和短信账户，说明哪里不对、该输入什么。不改动任何东西。',
  beside: '服务器上的 viva doctor 做同样的检查。说明是写给运维人员的英文。',
  look: '开始检查',
  again: '再检查一次',
  all: {
    ok: '一切正常。',
    warning: '可以使用，但有需要处理的地方。',
    wrong: '有的人会进不来，请先处理。',
  },
  verdicts: { ok: '正常', warning: '注意', wrong: '不对' },
  checks: {
    settings: '设置',
    server: '运行中的服务器',
    web: '网页端口',
    media: '音视频端口',
    turn: 'TURN 中继端口',
    certificate: '证书',
    addresses: '地址',
    proxies: '代理',
    clock: '时钟',
    kernel: '内核',
    disk: '磁盘',
    database: '数据库',
    sms: '短信',
  },
}
