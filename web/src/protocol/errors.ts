// The one table of errors, with the person's texts. Generated from the Rust types of the signaling crate by its tests (VIVA_BLESS=1 rewrites it); do not edit.

import type { ErrorCode } from './messages'

/** The version of the protocol. */
export const VERSION = 1

/** An error as the person meets it. */
export interface ErrorText {
  status: number
  zh: string
  en: string
}

/** HTTP status and texts by code. */
export const ERRORS: Record<ErrorCode, ErrorText> = {
  malformed: { status: 400, zh: "消息格式有误，请刷新页面后重试。", en: "The message could not be understood. Reload the page and try again." },
  unsupported_version: { status: 400, zh: "页面版本过旧，请刷新页面。", en: "This page is out of date. Reload it." },
  not_joined: { status: 409, zh: "尚未进入房间，请重新进入。", en: "You are not in a room yet. Enter again." },
  already_joined: { status: 409, zh: "您已在房间中。", en: "You are in the room already." },
  unauthorized: { status: 401, zh: "链接无效或已过期，请向工作人员索取新的链接。", en: "This link is not valid or has expired. Ask the staff for a new one." },
  forbidden: { status: 403, zh: "您没有进行此操作的权限。", en: "You are not allowed to do this." },
  session_gone: { status: 410, zh: "座位已释放，正在重新进入。", en: "Your seat was released. Entering again." },
  bad_offer: { status: 422, zh: "音视频协商失败，请刷新页面或更换浏览器。", en: "Audio and video could not be negotiated. Reload the page or try another browser." },
  not_found: { status: 404, zh: "对象不存在或已离开。", en: "It does not exist, or has gone." },
  codec_unsupported: { status: 415, zh: "当前浏览器无法播放该画面，请更换浏览器。", en: "Your browser cannot play this picture. Try another browser." },
  seat_full: { status: 429, zh: "此座位的操作次数已达上限，不能再记录，请联系工作人员或拨打服务热线。", en: "This seat has done as much as can be recorded of one. Ask the staff or call the hot-line." },
  too_many: { status: 429, zh: "数量超出上限，请稍后重试。", en: "There are too many of these. Try again later." },
  limit_reached: { status: 422, zh: "数量超出上限，未添加任何内容。", en: "That is more than the limit, so nothing was added." },
  rate_limited: { status: 429, zh: "操作过于频繁，请稍候。", en: "That was too fast. Wait a moment." },
  too_large: { status: 413, zh: "内容过大。", en: "That is too large." },
  unavailable: { status: 503, zh: "服务暂时不可用，正在重试。", en: "The service is not available for a moment. Trying again." },
  precondition_failed: { status: 412, zh: "会话已变化，请重新连接。", en: "The session has changed. Connect again." },
  precondition_required: { status: 428, zh: "请求缺少会话标识，请重新连接。", en: "The request does not name the state of the session. Connect again." },
  unsupported_media_type: { status: 415, zh: "内容类型不受支持。", en: "Content of this type is not accepted here." },
  method_not_allowed: { status: 405, zh: "不支持此请求方法。", en: "This address does not accept that request." },
  request_timeout: { status: 408, zh: "网络太慢，请求没有在规定时间内传完，请检查网络后重试。", en: "The network was too slow, so that the request did not arrive in time. Check it and try again." },
  invitation_unknown: { status: 404, zh: "邀请码不正确，请核对短信中的邀请码后重新输入；仍不正确请拨打服务热线。", en: "This invitation code is not right. Check it against the message you got and enter it again; if it stays wrong, call the hot-line." },
  invitation_early: { status: 403, zh: "面谈尚未开放，请在通知的时间再次进入。", en: "The interview has not opened yet. Come back at the time you were told." },
  invitation_expired: { status: 410, zh: "面谈已关闭，邀请码不再有效；如有疑问请联系工作人员或拨打服务热线。", en: "The interview has closed and this invitation no longer holds. If that is wrong, ask the staff or call the hot-line." },
  invitation_used: { status: 410, zh: "邀请码已使用，您的面谈已结束；如有疑问请拨打服务热线。", en: "This invitation has been used: your interview is over. If that is wrong, call the hot-line." },
  password_wrong: { status: 403, zh: "密码错误，请重新输入。", en: "The password is wrong. Enter it again." },
  locked: { status: 423, zh: "错误次数过多，已锁定，请联系工作人员或拨打服务热线。", en: "Too many wrong attempts: this is locked. Ask the staff or call the hot-line." },
  sms_wrong: { status: 403, zh: "验证码错误，请输入最新短信中的 6 位数字。", en: "The code is wrong. Enter the 6 digits of the newest message." },
  sms_expired: { status: 410, zh: "验证码已失效，请重新获取。", en: "This code is no longer valid. Ask for a new one." },
  sms_too_soon: { status: 429, zh: "短信刚刚发送，请稍候再重新获取。", en: "A message was sent just now. Wait a moment before you ask for another." },
  sms_limit: { status: 429, zh: "短信发送次数已达上限，请联系工作人员或拨打服务热线。", en: "No more messages can be sent to this number. Ask the staff or call the hot-line." },
  not_now: { status: 409, zh: "当前状态下不能进行此操作，请按页面提示的步骤进行。", en: "This cannot be done now. Follow the step that the page shows." },
  pairing_over: { status: 410, zh: "二维码已失效，或已由另一部手机连接，请在电脑上重新生成二维码后扫描。", en: "This QR code has been used or is too old, or another phone is connected. Make a new code on the computer and scan it." },
  face_not_offered: { status: 409, zh: "当前不能进行人脸验证，请使用短信验证，或联系工作人员。", en: "The face check is not available now. Use the SMS check, or ask the staff." },
  consent_missing: { status: 409, zh: "请先阅读并同意人脸信息处理告知，或选择短信验证。", en: "Read the notice on face data and agree to it first, or choose the SMS check." },
  pledge_changed: { status: 409, zh: "承诺书内容已更新，请重新阅读后再确认。", en: "The pledge has changed. Read it again before you accept it." },
  face_unavailable: { status: 503, zh: "人脸验证服务暂时不可用，请稍后重试，或使用短信验证。", en: "The face check is not available for the moment. Try again later, or use the SMS check." },
  picture_invalid: { status: 422, zh: "无法读取该图片，请使用清晰的 JPEG 或 PNG 照片。", en: "This picture cannot be read. Use a clear JPEG or PNG photo." },
  photo_unfit: { status: 422, zh: "这张照片无法用于人脸验证，未保存；请更换照片，或确认仍然保存。", en: "No face can be compared with this photo, so it was not kept. Choose another, or confirm that it is to be kept." },
  not_your_seat: { status: 403, zh: "您的座位不能进行此操作，请联系工作人员。", en: "Your seat may not do this. Ask the staff." },
  candidate_unknown: { status: 404, zh: "没有找到该考生，请刷新页面。", en: "There is no such candidate. Reload the page." },
  not_confirmed: { status: 422, zh: "输入的内容与要求不一致，未删除任何数据，请核对后重新输入。", en: "What was typed does not match, so nothing was deleted. Check it and type it again." },
  scores_incomplete: { status: 422, zh: "评分不完整，请为每个评分项打分后再提交。", en: "Some points are missing. Score every criterion, then submit." },
  scores_out_of_bounds: { status: 422, zh: "分数超出范围，请按评分项的上下限修改。", en: "Some points are out of bounds. Keep to the limits of each criterion." },
  scores_submitted: { status: 409, zh: "评分表已提交，不能再修改；如需更正请联系工作人员。", en: "This score sheet was submitted and cannot be changed. If it must be corrected, ask the staff." },
  scores_locked: { status: 409, zh: "该考生的成绩已锁定，不能再修改。", en: "The scores of this candidate are locked and cannot be changed." },
  result_missing: { status: 409, zh: "没有这项成绩，或成绩已变化；请核对页面上的最新成绩。", en: "There is no such result, or it has changed. Look at what the page shows now." },
  nobody_here: { status: 409, zh: "候考的考生都不在线，无法叫入；请联系考生，或从名单中直接叫入。", en: "Those who wait are all offline, so nobody was called. Contact them, or call one from the list." },
  not_current: { status: 409, zh: "现在面谈的不是这名考生；请核对页面上的最新状态后再操作。", en: "This candidate is not with the panel now. Look at what the page shows, then try again." },
  no_clock: { status: 409, zh: "现在没有考生的计时；叫入考生并进入面谈后才能暂停或延长。", en: "No candidate’s clock is running. Call a candidate into the interview first." },
  result_not_interviewed: { status: 409, zh: "该考生尚未完成面谈，不能公布成绩；确有必要时，由主考填写理由后公布。", en: "This candidate’s interview is not over, so no result can be published. If it must be, a chair publishes it with a reason." },
  result_sheets_missing: { status: 409, zh: "还有考官没有提交评分表，不能公布成绩；请等待提交，或由主考填写理由后公布。", en: "Some examiners have not submitted their score sheets. Wait for them, or let a chair publish with a reason." },
  result_in_session: { status: 409, zh: "该考生正在面谈或评议中，请先进入公布环节或结束该考生，再公布成绩。", en: "This candidate’s interview is under way. Go on to the announcement, or finish the candidate, then publish." },
  result_confirmed: { status: 409, zh: "考生已确认成绩，不能修改或撤回；如有错误，请使用“更正成绩”。", en: "The candidate has confirmed the result. It cannot be changed or withdrawn; correct it instead." },
  result_not_confirmed: { status: 409, zh: "考生尚未确认成绩，请直接修改或撤回。", en: "The candidate has not confirmed the result yet. Change it, or withdraw it." },
  results_changed: { status: 409, zh: "有成绩草稿已变化，未公布任何成绩；请核对后重试。", en: "A draft has changed, so nothing was published. Look at the drafts again, then publish." },
  chair_only: { status: 403, zh: "只有主考可以这样做，请联系主考。", en: "Only a chair may do this. Ask the chair." },
  text_empty: { status: 422, zh: "内容不能为空，请填写后重试。", en: "The text is empty. Write something and try again." },
  text_too_long: { status: 422, zh: "内容过长，请缩短后重试。", en: "The text is too long. Shorten it and try again." },
  import_refused: { status: 422, zh: "文件中有错误，未导入任何数据；请按列出的行修改后重新导入。", en: "There are faults in the file and nothing was added. Correct the rows that are listed, then import again." },
  sign_in_failed: { status: 401, zh: "账号或密码错误，请重新输入。", en: "Account or password is wrong. Enter them again." },
  account_exists: { status: 409, zh: "该账号已存在，请换一个账号名。", en: "This account exists already. Choose another name." },
  name_invalid: { status: 422, zh: "名称为空、过长或含有不可用的字符，请修改后重试。", en: "The name is empty, too long or has characters that it may not have. Change it and try again." },
  password_weak: { status: 422, zh: "密码过于简单，请使用至少 10 个字符且不易猜到的密码。", en: "This password is too easy to guess. Use at least 10 characters that nobody would guess." },
  setup_invalid: { status: 422, zh: "面谈设置有误，请检查开放时间、时区、流程和评分项。", en: "The setup of the interview does not hold together. Check its times, time zone, stages and criteria." },
  store_unavailable: { status: 503, zh: "数据库暂时不可用，操作未保存，请稍后重试；音视频不受影响。", en: "The database is not available, so nothing was saved. Try again in a moment; sound and picture go on." },
  internal: { status: 500, zh: "服务器出错，请稍后重试；若持续出现请联系工作人员。", en: "The server failed. Try again; if it stays, tell the staff." },
}
