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
  too_many: { status: 429, zh: "数量超出上限，请稍后重试。", en: "There are too many of these. Try again later." },
  rate_limited: { status: 429, zh: "操作过于频繁，请稍候。", en: "That was too fast. Wait a moment." },
  too_large: { status: 413, zh: "内容过大。", en: "That is too large." },
  unavailable: { status: 503, zh: "服务暂时不可用，正在重试。", en: "The service is not available for a moment. Trying again." },
  precondition_failed: { status: 412, zh: "会话已变化，请重新连接。", en: "The session has changed. Connect again." },
  precondition_required: { status: 428, zh: "请求缺少会话标识，请重新连接。", en: "The request does not name the state of the session. Connect again." },
  unsupported_media_type: { status: 415, zh: "内容类型不受支持。", en: "Content of this type is not accepted here." },
  method_not_allowed: { status: 405, zh: "不支持此请求方法。", en: "This address does not accept that request." },
  internal: { status: 500, zh: "服务器出错，请稍后重试；若持续出现请联系工作人员。", en: "The server failed. Try again; if it stays, tell the staff." },
}
