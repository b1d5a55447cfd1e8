//! The one table of errors that a client can see: a stable code, an HTTP status, a text in Chinese and English.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal, $zh:literal, $en:literal;)*) => {
        /// What went wrong. The code is stable; the texts tell the person what to do next.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
        }

        impl ErrorCode {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code, as in JSON.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The person's text in Chinese.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$name => $zh,)* }
            }

            /// The person's text in English.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$name => $en,)* }
            }
        }
    };
}

errors! {
    /// The message is no JSON of a known form.
    Malformed = "malformed", 400, "消息格式有误，请刷新页面后重试。", "The message could not be understood. Reload the page and try again.";
    /// The client speaks another version of the protocol.
    UnsupportedVersion = "unsupported_version", 400, "页面版本过旧，请刷新页面。", "This page is out of date. Reload it.";
    /// The message came before `hello` and `join`.
    NotJoined = "not_joined", 409, "尚未进入房间，请重新进入。", "You are not in a room yet. Enter again.";
    /// The connection has its seat already.
    AlreadyJoined = "already_joined", 409, "您已在房间中。", "You are in the room already.";
    /// No token, a forged one, or one that has expired. One text for all, so that nothing is learned from it.
    Unauthorized = "unauthorized", 401, "链接无效或已过期，请向工作人员索取新的链接。", "This link is not valid or has expired. Ask the staff for a new one.";
    /// The token does not allow this.
    Forbidden = "forbidden", 403, "您没有进行此操作的权限。", "You are not allowed to do this.";
    /// The seat is no longer kept; join anew.
    SessionGone = "session_gone", 410, "座位已释放，正在重新进入。", "Your seat was released. Entering again.";
    /// The offer cannot be answered; the detail names the line and the reason.
    BadOffer = "bad_offer", 422, "音视频协商失败，请刷新页面或更换浏览器。", "Audio and video could not be negotiated. Reload the page or try another browser.";
    /// No slot, publication or media section of that name.
    NotFound = "not_found", 404, "对象不存在或已离开。", "It does not exist, or has gone.";
    /// The receiver cannot decode this publication.
    CodecUnsupported = "codec_unsupported", 415, "当前浏览器无法播放该画面，请更换浏览器。", "Your browser cannot play this picture. Try another browser.";
    /// More than the limits allow.
    TooMany = "too_many", 429, "数量超出上限，请稍后重试。", "There are too many of these. Try again later.";
    /// Messages come too fast.
    RateLimited = "rate_limited", 429, "操作过于频繁，请稍候。", "That was too fast. Wait a moment.";
    /// A message is longer than the limit.
    TooLarge = "too_large", 413, "内容过大。", "That is too large.";
    /// The server stops or is full; come back in a moment.
    Unavailable = "unavailable", 503, "服务暂时不可用，正在重试。", "The service is not available for a moment. Trying again.";
    /// A precondition (ETag) does not hold (RFC 9725 §4.3).
    PreconditionFailed = "precondition_failed", 412, "会话已变化，请重新连接。", "The session has changed. Connect again.";
    /// A conditional request without its condition (RFC 6585 §3).
    PreconditionRequired = "precondition_required", 428, "请求缺少会话标识，请重新连接。", "The request does not name the state of the session. Connect again.";
    /// Over HTTP: a content of another type than this address takes.
    UnsupportedMediaType = "unsupported_media_type", 415, "内容类型不受支持。", "Content of this type is not accepted here.";
    /// Over HTTP: this address does not know the method.
    MethodNotAllowed = "method_not_allowed", 405, "不支持此请求方法。", "This address does not accept that request.";
    /// The server failed; it is in the log.
    Internal = "internal", 500, "服务器出错，请稍后重试；若持续出现请联系工作人员。", "The server failed. Try again; if it stays, tell the staff.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_in_json_is_the_code_of_the_table() {
        for error in ErrorCode::ALL {
            assert_eq!(serde_json::to_string(error).ok(), Some(format!("\"{}\"", error.code())));
            assert!((400..600).contains(&error.status()));
        }
    }
}
