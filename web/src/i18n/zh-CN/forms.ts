// What forms say, in Chinese.
export const forms = {
  optional: '选填',
  reveal: '显示密码',
  signedOut: '登录已过期，内容已保留。请重新登录后再试。',
  refused: '服务器没有接受，内容已保留。请稍后重试。',
  unreachable: '暂时连不上服务器，内容已保留。请检查网络后重试。',
  problem: {
    needed: '请填写此项。',
    long: '最多 {max} 个字。',
    whole: '请填写 {min} 到 {max} 之间的整数。',
    points: '请填写分数，最多两位小数。',
    phone: '请填写手机号，例如 13800000000 或 +85200000000。',
    time: '请选择日期和时间。',
    order: '结束时间须晚于开始时间。',
    minAboveMax: '最低分须小于最高分。',
    maxZero: '最高分须大于 0。',
    account: '只能用字母、汉字、数字、点、短横线、下划线，或电子邮箱。',
    short: '至少 {min} 个字符。',
    different: '两次输入不一致。',
    samePassword: '新密码须与原密码不同。',
    space: '不能含空格。',
  },
}
