// Texts shared by all pages of an interview, in Chinese.
export const interview = {
  stages: '面谈流程',
  stageDone: '已完成',
  elapsed: '本阶段已进行 {time}',
  left: '本阶段剩余 {time}',
  over: '本阶段已超时 {time}',
  clock: { elapsed: '已用', left: '剩余 {time}', over: '超时 {time}' },
  unreachable: '暂时连不上服务器，请检查网络后重试。',
  role: {
    candidate: '考生',
    examiner: '考官',
    host: '工作人员',
    patrol: '巡考',
  },
  to: {
    panel: '仅面谈小组可见',
    candidate: '仅考生与工作人员可见',
  },
  chat: {
    title: '消息',
    history: '消息记录',
    audience: '发送给',
    label: '消息内容',
    placeholder: '输入消息，回车发送',
    closed: '当前不能发送消息',
    send: '发送',
    sending: '正在发送…',
    failed: '消息未能发送，请重试。',
    tooLong: '消息过长，最多 {most} 字。',
    unread: '{count} 条未读消息',
    news: '{name}：{text}',
  },
}
