// What an administrator decides about identity and the pledge, in Chinese.
export const rules = {
  title: '身份核验与承诺',
  text: '短信验证始终可用，与人脸验证同等有效；使用人脸验证前，考生须单独同意。',
  face: '人脸验证',
  uses: {
    off: '不使用',
    once: '仅首次进入',
    each_entry: '每次进入',
  },
  useHint: {
    off: '考生用短信验证码验证身份。',
    once: '首次进入时与登记照片比对。',
    each_entry: '首次进入，以及之后每次凭邀请码重新进入时比对。',
  },
  attempts: '可尝试次数',
  attemptsHint: '1 到 10 次；用完后改用短信验证。',
  turn: '要求转头',
  turnHint: '随机要求向左或向右转头，防止用照片冒充。',
  staff: '人工核验',
  staffHint: '考生可在身份验证页请工作人员查看画面，核对本人；画面单向传送，不录制、不保存。',
  photoless: '没有登记照片的考生直接使用短信验证。',
  photolessCount: '目前有 {count} 名考生没有照片。',
  pledge: '诚信承诺书',
  pledgeVersion: '诚信承诺书（第 {version} 版）',
  pledgeHint:
    '考生验证身份后须阅读并勾选同意，才能继续；留空则不需要。修改后版本加一，尚未确认的考生看到新的内容。',
}
