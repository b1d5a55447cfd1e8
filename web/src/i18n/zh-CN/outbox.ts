// The outbox of SMS, in Chinese.
export const outbox = {
  live: '实时更新',
  lost: '连接中断，正在重试',
  search: '查找手机号或内容',
  state: '状态',
  show: {
    all: '全部短信',
    waiting: '发送中',
    kept: '仅保存，未设置短信服务',
    sent: '已发送',
    failed: '发送失败',
  },
  delivery: {
    waiting: '发送中',
    kept: '仅保存，未设置短信服务',
    sent: '已发送',
    failed: '发送失败',
  },
  kind: {
    invitation: '邀请',
    reminder: '提醒',
    identity: '验证码',
    trial: '试发',
  },
  attempts: '已尝试 {count} 次',
  earlier: '载入更早的短信',
  textErased: '短信内容已按保存期限删除。',
  empty: '发件箱是空的',
  emptyText: '发送邀请或验证码后，每条短信及其状态会显示在这里。',
}
