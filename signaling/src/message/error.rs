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
    /// One seat has changed as much as a seat may in one interview.
    SeatFull = "seat_full", 429, "此座位的操作次数已达上限，不能再记录，请联系工作人员或拨打服务热线。", "This seat has done as much as can be recorded of one. Ask the staff or call the hot-line.";
    /// More than the limits allow.
    TooMany = "too_many", 429, "数量超出上限，请稍后重试。", "There are too many of these. Try again later.";
    /// More than an interview takes of something; the limit stands in the answer.
    LimitReached = "limit_reached", 422, "数量超出上限，未添加任何内容。", "That is more than the limit, so nothing was added.";
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
    /// Over HTTP: the body of a request came too slowly.
    RequestTimeout = "request_timeout", 408, "网络太慢，请求没有在规定时间内传完，请检查网络后重试。", "The network was too slow, so that the request did not arrive in time. Check it and try again.";
    /// No invitation has this code. One text for whatever is wrong with a code, so that guessing teaches nothing.
    InvitationUnknown = "invitation_unknown", 404, "邀请码不正确，请核对短信中的邀请码后重新输入；仍不正确请拨打服务热线。", "This invitation code is not right. Check it against the message you got and enter it again; if it stays wrong, call the hot-line.";
    /// The interview has not opened; the detail says when it does.
    InvitationEarly = "invitation_early", 403, "面谈尚未开放，请在通知的时间再次进入。", "The interview has not opened yet. Come back at the time you were told.";
    /// The interview has closed.
    InvitationExpired = "invitation_expired", 410, "面谈已关闭，邀请码不再有效；如有疑问请联系工作人员或拨打服务热线。", "The interview has closed and this invitation no longer holds. If that is wrong, ask the staff or call the hot-line.";
    /// The holder has finished, has left for good or was removed.
    InvitationUsed = "invitation_used", 410, "邀请码已使用，您的面谈已结束；如有疑问请拨打服务热线。", "This invitation has been used: your interview is over. If that is wrong, call the hot-line.";
    /// Not the password of the invitation.
    PasswordWrong = "password_wrong", 403, "密码错误，请重新输入。", "The password is wrong. Enter it again.";
    /// Too many wrong passwords or codes.
    Locked = "locked", 423, "错误次数过多，已锁定，请联系工作人员或拨打服务热线。", "Too many wrong attempts: this is locked. Ask the staff or call the hot-line.";
    /// Not the code of the newest SMS.
    SmsWrong = "sms_wrong", 403, "验证码错误，请输入最新短信中的 6 位数字。", "The code is wrong. Enter the 6 digits of the newest message.";
    /// The code of the SMS is too old, or none was sent.
    SmsExpired = "sms_expired", 410, "验证码已失效，请重新获取。", "This code is no longer valid. Ask for a new one.";
    /// Another SMS too soon after the last.
    SmsTooSoon = "sms_too_soon", 429, "短信刚刚发送，请稍候再重新获取。", "A message was sent just now. Wait a moment before you ask for another.";
    /// No more SMS to this seat or number.
    SmsLimit = "sms_limit", 429, "短信发送次数已达上限，请联系工作人员或拨打服务热线。", "No more messages can be sent to this number. Ask the staff or call the hot-line.";
    /// The person is at another step than the page thought.
    AnotherStep = "another_step", 409, "您已不在这一步，页面将转到当前步骤；如没有变化，请刷新页面。", "You are at another step by now, and the page goes there. If it does not, reload it.";
    /// The interview was given up.
    InterviewDeleted = "interview_deleted", 409, "该面谈已被删除，不能再进行任何操作；如有疑问请联系工作人员。", "This interview was deleted, so nothing can be done in it. If that is wrong, ask the staff.";
    /// The steps before the waiting room come first.
    NotInRoom = "not_in_room", 409, "您还没有进入面谈房间，请先完成页面上的步骤。", "You are not in the waiting room yet. Finish the steps that the page shows first.";
    /// The candidate is not in the waiting room.
    CandidateNotWaiting = "candidate_not_waiting", 409, "该考生不在候考室，请等其进入候考室后再操作；检测遇到困难时可放行。", "This candidate is not in the waiting room. Wait until they are; if a check holds them up, let them pass it.";
    /// The candidate has left or was put out.
    CandidateOut = "candidate_out", 409, "该考生已离开或已被请出；需要继续时，请先“重新准入”。", "This candidate has left or was removed. Let them in again first.";
    /// At this moment a candidate writes to the hosts alone.
    HostsOnly = "hosts_only", 409, "现在只能给工作人员发消息，请选择“工作人员”后发送。", "At this moment you can write to the staff only. Choose the staff, then send.";
    /// The candidate has entered, and stays in the interview.
    CandidateEntered = "candidate_entered", 409, "考生已进入面谈，不能删除；请刷新名单，只选择尚未进入的考生，其余由工作人员请出，或在面谈结束后删除其个人信息。", "A candidate who has entered cannot be deleted. Reload the list and choose only those who have not; a host can remove the others, and personal data are erased once the interview is over.";
    /// No phone is registered for the candidate.
    PhoneMissing = "phone_missing", 409, "没有登记手机号，无法发送短信；请由工作人员补登手机号，或改用其他方式核验身份。", "No phone is registered, so no message can be sent. The staff can add one, or find out in another way who it is.";
    /// A stage that has begun is what it is.
    StageBegun = "stage_begun", 409, "已经进行过的阶段不能删除、移动或更改类型；请只修改之后的阶段。", "Stages that have begun cannot be deleted, moved or made into others. Change those after them.";
    /// Somebody has scored by these criteria.
    CriteriaUsed = "criteria_used", 409, "已有考官按现有评分项打分，不能再修改评分项。", "An examiner has scored by these criteria, so they cannot be changed any more.";
    /// Somebody was asked these questions.
    QuestionsAsked = "questions_asked", 409, "已有考生被问过题库中的题目，题目不能再修改。", "Somebody was asked these questions already, so they cannot be changed.";
    /// A set of questions was drawn for somebody, and stays.
    QuestionsDrawn = "questions_drawn", 409, "已有考生抽到该题组，不能删除；请先由主持人取消该考生的题组。", "Somebody has drawn this set of questions, so it cannot be removed. A host can take it back from the candidate first.";
    /// Such a draw was begun before: another one needs a reason.
    DrawnBefore = "drawn_before", 409, "之前已开始过同类抽签，再次抽签须填写理由。", "Such a draw was begun before. Give a reason to draw again.";
    /// The draw was drawn or given up.
    DrawOver = "draw_over", 409, "本次抽签已完成或已作废，请刷新后查看结果。", "This draw is over. Reload the page to see what came of it.";
    /// Somebody was led in: the order is used.
    DrawTooLate = "draw_too_late", 409, "已有考生被叫入，不能再抽取顺序；需要时请逐个调整候考顺序。", "Somebody was led in, so the order is not drawn any more. Move candidates in the queue instead.";
    /// What is drawn from is another than the one that the commitment holds.
    DrawListChanged = "draw_list_changed", 409, "承诺之后名单或题组有变化，未抽签；请填写理由，重新开始抽签。", "The list has changed since the commitment, so nothing was drawn. Begin again, with a reason.";
    /// The server has another secret than when it committed.
    DrawSeedLost = "draw_seed_lost", 409, "服务器密钥已更换，无法找回本次抽签的种子；请填写理由，重新开始抽签。", "The server has another secret by now and cannot find the seed of this draw. Begin again, with a reason.";
    /// Fewer than two people, or no lots.
    NothingToDraw = "nothing_to_draw", 409, "至少需要两名人员，以及可抽取的题组或考场；请先补全后再抽签。", "A draw needs at least two people, and sets or rooms to draw. Add them first.";
    /// A list that was given names something twice.
    DrawnTwice = "drawn_twice", 409, "名单或考场中有重复项，未开始抽签；请删除重复后重试。", "The list names something twice, so nothing was begun. Take out what is there twice, then try again.";
    /// Somebody has entered the interview.
    InterviewEntered = "interview_entered", 409, "已有考生进入，不能删除该面谈；请在面谈结束后删除。", "Somebody has entered, so this interview cannot be deleted now. Delete it once it is over.";
    /// An id or a code that the server chose is taken.
    IdTaken = "id_taken", 409, "编号或邀请码冲突，未保存；请再试一次。", "A number or a code was taken, so nothing was saved. Try again.";
    /// The examiner has scored, and stays in the interview.
    ExaminerScored = "examiner_scored", 409, "该考官已经打分，不能删除；请由工作人员将其请出。", "This examiner has scored and cannot be deleted. A host can remove them from the room.";
    /// A candidate is led in.
    CandidateCurrent = "candidate_current", 409, "已有考生在面谈中，请先结束该考生或“退回候考”，再叫入下一位。", "A candidate is led in. Finish with them or send them back first, then call the next.";
    /// The interview is in its last stage.
    InterviewOver = "interview_over", 409, "面谈已结束，不能再这样操作；需要继续时，请由工作人员切换回之前的阶段。", "The interview is over. If it must go on, a host goes back to a stage before.";
    /// Nobody waits to be called.
    NobodyWaits = "nobody_waits", 409, "没有等候叫入的考生；请等待考生进入候考室。", "Nobody waits to be called. Wait until a candidate is in the waiting room.";
    /// No candidate is led in.
    NobodyCurrent = "nobody_current", 409, "当前没有正在面谈的考生，请先叫入考生。", "No candidate is led in. Call one first.";
    /// The candidate does not wait.
    CannotDefer = "cannot_defer", 409, "该考生正在面谈或已离开，不能顺延；正在面谈的请先“退回候考”。", "This candidate is led in or has left and cannot be deferred. Send who is led in back first.";
    /// The candidate has the usual place in the queue.
    NotDeferred = "not_deferred", 409, "该考生没有被顺延，无需恢复排队。", "This candidate was not deferred, so there is nothing to undo.";
    /// In a stage for all nobody waits to be talked to.
    NoTalkHere = "no_talk_here", 409, "本阶段全体考生都在场，不能单独通话；请等考生候考时再通话。", "In this stage everybody takes part, so nobody is talked to alone. Do it while they wait.";
    /// The candidate is with the panel, or cut from it on purpose.
    OwnTurn = "own_turn", 409, "该考生正在面谈，不能单独通话；请先“退回候考”。", "It is this candidate’s turn, so they cannot be talked to alone. Send them back first.";
    /// Not a stage for all candidates.
    NoWordHere = "no_word_here", 409, "只有在全体参加的阶段（宣讲、集体公布）才能授予发言。", "A candidate is given the word in a stage for all only: a briefing or a joint announcement.";
    /// The candidate is not before the panel.
    NoScreenHere = "no_screen_here", 409, "只能邀请面谈中的当前考生共享屏幕，请先叫入该考生。", "Only the candidate before the panel can share a screen. Call this candidate first.";
    /// Only a PDF is slides.
    SlidesNotPdf = "slides_not_pdf", 409, "幻灯片只能是 PDF 文件，请另存为 PDF 后上传。", "Slides are a PDF. Save them as a PDF and upload that.";
    /// Slides are shown by the current candidate before the panel.
    NoSlidesHere = "no_slides_here", 409, "只有当前考生在面谈、公布或成绩确认环节可以展示幻灯片；请先叫入考生。", "Slides are shown by the current candidate before the panel. Call the candidate in first.";
    /// Nobody has asked for slides.
    SlidesNotAsked = "slides_not_asked", 409, "考官尚未邀请您展示幻灯片，请等待邀请。", "The panel has not asked for your slides yet. Wait until it does.";
    /// The candidate is not at the password or the identity step.
    IdentityPassed = "identity_passed", 409, "该考生不在密码或身份验证步骤，不需要身份放行；请查看其当前步骤。", "This candidate is not at the password or the identity step, so there is nothing to let pass. Look at which step they are.";
    /// The interview offers no check by the staff.
    StaffCheckOff = "staff_check_off", 409, "本场面谈不提供人工核验，请选择其他验证方式，或联系工作人员。", "This interview offers no check by the staff. Choose another way, or ask the staff.";
    /// The candidate has not asked to be looked at.
    StaffCheckNotAsked = "staff_check_not_asked", 409, "该考生当前没有请求人工核验；请发消息请考生在身份验证页选择“人工核验”。", "This candidate does not ask for a check by the staff just now. Write them to choose it on the page for the identity.";
    /// Who confirms an identity has not seen the picture just now.
    PictureNotSeen = "picture_not_seen", 409, "您刚才没有看到该考生的画面，无法确认；请等画面出现后再确认，或改用“身份放行”并写明原因。", "You have not seen the candidate's picture just now. Wait for it, then confirm; or let the candidate pass with a reason.";
    /// The candidate is at none of the checks of devices.
    NotAtChecks = "not_at_checks", 409, "该考生不在设备检测步骤，不需要检测放行；请查看其当前步骤。", "This candidate is at none of the device checks, so there is nothing to let pass. Look at which step they are.";
    /// Nobody put the seat out.
    NotOut = "not_out", 409, "此人没有被请出，也没有离开，无需重新准入。", "This person was not removed and has not left, so there is nothing to undo.";
    /// Not the stage in which results are confirmed.
    ConfirmClosed = "confirm_closed", 409, "现在还不能确认成绩，请等工作人员进入成绩确认阶段。", "Results cannot be confirmed yet. Wait until the staff opens the confirmation.";
    /// The interview is still open.
    InterviewOpen = "interview_open", 409, "面谈尚未结束，不能删除；请在面谈结束后再操作。", "The interview is still open, so this cannot be deleted. Do it once the interview is over.";
    /// A host is there, or another chair leads.
    HelmHeld = "helm_held", 409, "已有工作人员在线或有人正在代为主持，无需接管。", "A host is online, or somebody leads already, so there is nothing to take over.";
    /// The list of candidates has changed meanwhile.
    CandidatesChanged = "candidates_changed", 409, "考生名单刚刚有变化，未做任何修改；请刷新后重试。", "The list of candidates has just changed, so nothing was done. Reload the page, then try again.";
    /// An import is taken back for a day only.
    ImportOld = "import_old", 409, "导入已超过 24 小时，不能撤销；请在名单中选择考生后删除。", "Imports can be taken back for a day only. Select the candidates in the list and remove them instead.";
    /// A rehearsal has its people and its setup from its interview.
    Rehearsal = "rehearsal", 409, "演练中的人员和设置来自正式面谈，不能在演练中修改；请先结束演练，在正式面谈中修改后重新开始演练。", "A rehearsal has its people and its setup from the interview. End it, change the interview, then rehearse again.";
    /// It is too late for a rehearsal.
    RehearsalLate = "rehearsal_late", 409, "面谈已经开放或即将开放，不能再演练；需要演练时，请把开放时间改晚至少 10 分钟。", "The interview has opened, or opens in a moment. To rehearse, let it open at least 10 minutes later.";
    /// A rehearsal of the interview is open.
    RehearsalOpen = "rehearsal_open", 409, "演练正在进行，请先结束演练，再进行此操作。", "A rehearsal is open. End it first, then do this.";
    /// The rehearsal is over, or the candidate is out of it.
    RehearsalOver = "rehearsal_over", 410, "演练已结束。正式面谈请按通知的时间，用同一个邀请码进入。", "The rehearsal is over. For the interview itself, enter with the same code at the time you were told.";
    /// This interview has no second cameras.
    NoSecondCamera = "no_second_camera", 409, "本场面谈不使用第二摄像头，请继续使用电脑摄像头。", "This interview has no second cameras. Go on with the camera of this computer.";
    /// The terms of the consent are others by now.
    FaceTermsChanged = "face_terms_changed", 409, "人脸信息处理告知已更新，请重新阅读后再选择。", "The notice on face data has changed. Read it again, then choose.";
    /// Another page checks this candidate's face.
    FaceCheckElsewhere = "face_check_elsewhere", 409, "另一个页面正在为您做人脸校验，请关闭其他页面后重试。", "Another page is checking your face. Close the other pages, then try again.";
    /// The last administrator who can sign in stays one.
    LastAdministrator = "last_administrator", 409, "这是最后一个可用的管理员账号，不能停用或取消管理员身份；请先添加另一位管理员。", "This is the last administrator who can sign in. Add another one first.";
    /// A link for a second camera that was used, is too old, or was replaced; or a phone that is no longer paired.
    PairingOver = "pairing_over", 410, "二维码已失效，或已由另一部手机连接，请在电脑上重新生成二维码后扫描。", "This QR code has been used or is too old, or another phone is connected. Make a new code on the computer and scan it.";
    /// No face is compared for this candidate (any more).
    FaceNotOffered = "face_not_offered", 409, "当前不能进行人脸验证，请使用短信验证，或联系工作人员。", "The face check is not available now. Use the SMS check, or ask the staff.";
    /// The person has not consented to the comparison of faces.
    ConsentMissing = "consent_missing", 409, "请先阅读并同意人脸信息处理告知，或选择短信验证。", "Read the notice on face data and agree to it first, or choose the SMS check.";
    /// The text of the pledge has changed since it was read.
    PledgeChanged = "pledge_changed", 409, "承诺书内容已更新，请重新阅读后再确认。", "The pledge has changed. Read it again before you accept it.";
    /// Faces cannot be compared at this moment: no models, no verifier, or too many at once.
    FaceUnavailable = "face_unavailable", 503, "人脸验证服务暂时不可用，请稍后重试，或使用短信验证。", "The face check is not available for the moment. Try again later, or use the SMS check.";
    /// The picture cannot be read.
    PictureInvalid = "picture_invalid", 422, "无法读取该图片，请使用清晰的 JPEG 或 PNG 照片。", "This picture cannot be read. Use a clear JPEG or PNG photo.";
    /// No face can be compared with the reference photo, and nobody said that it is to be kept all the same.
    PhotoUnfit = "photo_unfit", 422, "这张照片无法用于人脸验证，未保存；请更换照片，或确认仍然保存。", "No face can be compared with this photo, so it was not kept. Choose another, or confirm that it is to be kept.";
    /// Not for this seat.
    NotYourSeat = "not_your_seat", 403, "您的座位不能进行此操作，请联系工作人员。", "Your seat may not do this. Ask the staff.";
    /// No candidate of that id in this interview.
    CandidateUnknown = "candidate_unknown", 404, "没有找到该考生，请刷新页面。", "There is no such candidate. Reload the page.";
    /// What had to be typed before something is deleted for good was not.
    NotConfirmed = "not_confirmed", 422, "输入的内容与要求不一致，未删除任何数据，请核对后重新输入。", "What was typed does not match, so nothing was deleted. Check it and type it again.";
    /// A criterion has no points.
    ScoresIncomplete = "scores_incomplete", 422, "评分不完整，请为每个评分项打分后再提交。", "Some points are missing. Score every criterion, then submit.";
    /// Points outside the bounds of their criterion.
    ScoresOutOfBounds = "scores_out_of_bounds", 422, "分数超出范围，请按评分项的上下限修改。", "Some points are out of bounds. Keep to the limits of each criterion.";
    /// The sheet was submitted already.
    ScoresSubmitted = "scores_submitted", 409, "评分表已提交，不能再修改；如需更正请联系工作人员。", "This score sheet was submitted and cannot be changed. If it must be corrected, ask the staff.";
    /// The scores of this candidate are locked.
    ScoresLocked = "scores_locked", 409, "该考生的成绩已锁定，不能再修改。", "The scores of this candidate are locked and cannot be changed.";
    /// There is no such result.
    ResultMissing = "result_missing", 409, "没有这项成绩，或成绩已变化；请核对页面上的最新成绩。", "There is no such result, or it has changed. Look at what the page shows now.";
    /// Those who wait to be called are all offline.
    NobodyHere = "nobody_here", 409, "候考的考生都不在线，无法叫入；请联系考生，或从名单中直接叫入。", "Those who wait are all offline, so nobody was called. Contact them, or call one from the list.";
    /// Another candidate is led in, or none.
    NotCurrent = "not_current", 409, "现在面谈的不是这名考生；请核对页面上的最新状态后再操作。", "This candidate is not with the panel now. Look at what the page shows, then try again.";
    /// No candidate's clock runs.
    NoClock = "no_clock", 409, "现在没有考生的计时；叫入考生并进入面谈后才能暂停或延长。", "No candidate’s clock is running. Call a candidate into the interview first.";
    /// No interview with this candidate has come to its end.
    ResultNotInterviewed = "result_not_interviewed", 409, "该考生尚未完成面谈，不能公布成绩；确有必要时，由主考填写理由后公布。", "This candidate’s interview is not over, so no result can be published. If it must be, a chair publishes it with a reason.";
    /// An examiner has not handed the sheet in.
    ResultSheetsMissing = "result_sheets_missing", 409, "还有考官没有提交评分表，不能公布成绩；请等待提交，或由主考填写理由后公布。", "Some examiners have not submitted their score sheets. Wait for them, or let a chair publish with a reason.";
    /// The candidate is with the panel, or the panel still deliberates.
    ResultInSession = "result_in_session", 409, "该考生正在面谈或评议中，请先进入公布环节或结束该考生，再公布成绩。", "This candidate’s interview is under way. Go on to the announcement, or finish the candidate, then publish.";
    /// The candidate has confirmed the result.
    ResultConfirmed = "result_confirmed", 409, "考生已确认成绩，不能修改或撤回；如有错误，请使用“更正成绩”。", "The candidate has confirmed the result. It cannot be changed or withdrawn; correct it instead.";
    /// Only what was confirmed is corrected.
    ResultNotConfirmed = "result_not_confirmed", 409, "考生尚未确认成绩，请直接修改或撤回。", "The candidate has not confirmed the result yet. Change it, or withdraw it.";
    /// A draft is another, or gone, or its candidate has confirmed.
    ResultsChanged = "results_changed", 409, "有成绩草稿已变化，未公布任何成绩；请核对后重试。", "A draft has changed, so nothing was published. Look at the drafts again, then publish.";
    /// Only a chair goes past what stands in the way of a result.
    ChairOnly = "chair_only", 403, "只有主考可以这样做，请联系主考。", "Only a chair may do this. Ask the chair.";
    /// The candidate was led in, has not yet shown who they are, or the interview is over.
    PapersClosed = "papers_closed", 409, "材料现在不能增减：考生在验证身份之后、首次叫入之前可以自己上传；之后请联系工作人员。", "Papers cannot be added or taken away now: candidates do so after the identity check and before they are first led in. After that, ask the staff.";
    /// A paper, or all of them together, would be larger than the limit; it stands in the answer.
    PapersTooLarge = "papers_too_large", 413, "材料过大，未保存：请压缩文件或拆分后重新上传，或先删除不需要的材料。", "This is more than papers may take, so it was not kept. Make the file smaller, or delete papers that are not needed.";
    /// The file is none of the kinds that papers have.
    PaperKind = "paper_kind", 415, "只能上传 PDF、JPG、PNG 或 WebP 文件，请转换格式后重新上传。", "Papers are PDF, JPG, PNG or WebP files. Convert the file and upload it again.";
    /// The candidate has no paper that is marked as slides.
    SlidesMissing = "slides_missing", 409, "该考生没有上传幻灯片，请先上传一份 PDF 并标为幻灯片。", "This candidate has no slides. Upload a PDF first and mark it as slides.";
    /// A text that must not be empty is.
    TextEmpty = "text_empty", 422, "内容不能为空，请填写后重试。", "The text is empty. Write something and try again.";
    /// A text is too long or has characters that it may not have.
    TextTooLong = "text_too_long", 422, "内容过长，请缩短后重试。", "The text is too long. Shorten it and try again.";
    /// The text of an SMS names what there is not.
    SmsTextRefused = "sms_text_refused", 422, "短信文字中的占位有误：只能使用 {name}、{interview}、{time}、{code}、{link}、{password}、{rehearsal}、{hotline}，每个至多一次。", "The text names what there is not. Use {name}, {interview}, {time}, {code}, {link}, {password}, {rehearsal} and {hotline}, each at most once.";
    /// No SMS can go to this number.
    PhoneInvalid = "phone_invalid", 422, "该号码无法接收短信，请填写手机号，国外号码以 + 和国家代码开头。", "No SMS can go to this number. Write that of a mobile phone, of another country with + and its code.";
    /// Rows of the file cannot be taken; nothing was added.
    ImportRefused = "import_refused", 422, "文件中有错误，未导入任何数据；请按列出的行修改后重新导入。", "There are faults in the file and nothing was added. Correct the rows that are listed, then import again.";
    /// No such account, a wrong password, or a disabled account. One text for all.
    SignInFailed = "sign_in_failed", 401, "账号或密码错误，请重新输入。", "Account or password is wrong. Enter them again.";
    /// An account of this name stands.
    AccountExists = "account_exists", 409, "该账号已存在，请换一个账号名。", "This account exists already. Choose another name.";
    /// The name of an account or a person that cannot be taken.
    NameInvalid = "name_invalid", 422, "名称为空、过长或含有不可用的字符，请修改后重试。", "The name is empty, too long or has characters that it may not have. Change it and try again.";
    /// A password that is too easy to guess.
    PasswordWeak = "password_weak", 422, "密码过于简单，请使用至少 10 个字符且不易猜到的密码。", "This password is too easy to guess. Use at least 10 characters that nobody would guess.";
    /// A setup of an interview that does not hold together; the detail says where.
    SetupInvalid = "setup_invalid", 422, "面谈设置有误，请检查开放时间、时区、流程和评分项。", "The setup of the interview does not hold together. Check its times, time zone, stages and criteria.";
    /// The store does not answer: nothing was changed, running rooms go on.
    StoreUnavailable = "store_unavailable", 503, "数据库暂时不可用，操作未保存，请稍后重试；音视频不受影响。", "The database is not available, so nothing was saved. Try again in a moment; sound and picture go on.";
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
