// What the desk of an examiner says, in Chinese.

export const sheet = {
  title: '评分表',
  tab: '评分表',
  whom: '评分对象',
  markOpen: '未提交',
  markDone: '已提交',
  nobody: '考生进入面谈后，评分表会显示在这里。',
  overdue: '{name} 的评分尚未提交',
  nowBefore: '{name} 已进入面谈',
  open: '打开',
  noCriteria: '本场面谈没有设置评分项。',
  range: '{min}–{max} 分',
  weight: '权重 {weight}',
  slide: '{name}：拖动打分',
  noPoints: '未打分',
  wrong: '请输入数字，最多两位小数。',
  bounds: '请输入 {min} 到 {max} 之间的分数。',
  remark: '评语',
  remarkHelp: '仅考官组可见，全部提交后公开给考官组',
  total: '总分',
  submit: '提交评分',
  submitTitle: '提交对 {name} 的评分？',
  submitText: '提交后不能再修改。所有考官提交后，彼此可见评分。',
  submitDone: '评分已提交',
  submitted: '已于 {time} 提交（{done}/{all} 位考官已提交）。',
  hidden: '全部提交后可见其他考官评分。',
  locked: '评分已锁定，不能再修改。',
  others: '其他考官的评分',
  saving: '正在保存…',
  offline: '网络中断，恢复后自动保存',
  changed: '有未保存的修改',
  empty: '填写后自动保存',
  saved: '已自动保存 {time}',
  again: '重试',
  missing: '还差 {count} 项',
  needed: '请先填写此项。',
  mean: '考官组均分',
  meanOf: '{count} 份',
}

export const desk = {
  now: '当前',
  nobodyNow: '尚未叫入',
  done: '已完成',
  left: '待面谈',
  next: '下一位',
  past: '跳过 {count} 位离线',
  allAway: '候考的考生都不在线',
  nobody: '暂无候考考生',
}

export const own = {
  title: '我的评分',
  about: '仅您本人可见，便于前后一致。未提交的按当前填写计入名次，不计入平均。',
  candidate: '考生',
  rank: '名次',
  panel: '考官组均分',
  open: '未提交',
  mean: '我的平均',
}

export const questions = {
  nobody: '考生进入面谈后，题目会显示在这里。',
  title: '题目',
  drawn: '抽取题组',
  notDrawn: '尚未抽取',
  drawnNow: '{name} 的题组已记录',
  look: '查看题组',
  count: '已问 {done}/{all}',
  asked: '已问',
  minutes: '{minutes} 分钟',
  elsewhere: '另有 {count} 题来自其他题组，已问。',
}

export const note = {
  label: '私人笔记',
  help: '仅您本人可见，不进入评分、审计和导出；依法查阅考生个人信息时除外。',
}
