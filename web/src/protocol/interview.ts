// What a seat of an interview knows and may do. Generated from the Rust types of the interview crate by its tests (VIVA_BLESS=1 rewrites it); do not edit.

/**
 * One interview, by a number drawn at random.
 *
 * 64 random bits, handed in. In text (JSON, logs, URLs) 16 lower-case hexadecimal digits.
 */
export type InterviewId = string;

/**
 * One person's place in one interview; unique over all interviews.
 *
 * 64 random bits, handed in. In text (JSON, logs, URLs) 16 lower-case hexadecimal digits.
 */
export type SeatId = string;

/**
 * The name of a criterion for machines: 1 to 32 visible ASCII characters.
 */
export type CriterionId = string;

/**
 * The code of an invitation, kept as 12 characters and shown in groups of four.
 */
export type Code = string;

/**
 * Milliseconds since 1970-01-01 00:00 UTC.
 */
export type Time = number;

/**
 * Points, in hundredths.
 */
export type Points = number;

/**
 * All that a seat may know of its interview at one moment.
 */
export type SeatView = CandidateView | PanelView;

/**
 * A step of the way in.
 */
export type WayStep = {
/**
 * Which.
 */
step: Step,
/**
 * It is behind.
 */
done: boolean, };

/**
 * What a candidate knows.
 */
export type CandidateView = {
/**
 * Always `candidate`: tells this view from the panel's.
 */
role: "candidate",
/**
 * Where on the path.
 */
step: Step,
/**
 * The steps that lead this candidate in, from the identity to the waiting room: those behind, this one, those that are
 * still to come. Whoever is asked once more who they are goes from there to the waiting room; empty for who is out.
 */
way: Array<WayStep>,
/**
 * The number of the exam card.
 */
number: string,
/**
 * The registered phone with its middle hidden: `138****5678`; null without a phone.
 */
phone_hint: string | null,
/**
 * The SMS code that was sent last, in the identity step.
 */
sms: SmsView | null,
/**
 * Too many wrong passwords or codes, for a while.
 */
locked: boolean,
/**
 * Until when; null when not locked.
 */
locked_until: Time | null,
/**
 * Is there a reference photo?
 */
photo: boolean,
/**
 * The face check.
 */
face: FaceView,
/**
 * The check by the staff.
 */
staff_check: StaffCheckView,
/**
 * What is to be promised, at this step.
 */
pledge: Pledge | null,
/**
 * How the identity step was passed.
 */
identity: IdentityView,
/**
 * The newest try of each device.
 */
checks: ChecksView,
/**
 * The devices that the page has said it cannot use.
 */
device_troubles: Array<DeviceTrouble>,
/**
 * The own time; null: when the interview opens.
 */
starts_at: Time | null,
/**
 * How many of those who wait are called before; null when not in the queue.
 */
ahead: number | null,
/**
 * Put at the end of the queue.
 */
deferred: boolean,
/**
 * It is this candidate's turn.
 */
current: boolean,
/**
 * The host talks to this candidate.
 */
addressed: boolean,
/**
 * Has the word in a briefing.
 */
has_word: boolean,
/**
 * Is invited to share the screen.
 */
may_share: boolean,
/**
 * The own papers; none before it is known who this is.
 */
papers: Array<PaperView>,
/**
 * Papers may be added and taken away.
 */
may_add_papers: boolean,
/**
 * The own slides, while somebody of the panel has asked for them.
 */
slides: SlidesView | null,
/**
 * The second camera.
 */
second_camera: SecondCameraState,
/**
 * The own hand is up.
 */
hand: boolean,
/**
 * Muted by the host.
 */
muted: boolean,
/**
 * The own result.
 */
result: ResultView | null,
/**
 * When a result was taken back; null where none was, or one was told since.
 */
result_withdrawn_at: Time | null,
/**
 * When it was confirmed.
 */
confirmed_at: Time | null,
/**
 * 确认面谈结果 would be accepted now.
 */
may_confirm: boolean,
/**
 * Since when this candidate may go; null for who waits or is led in.
 */
let_go_at: Time | null,
/**
 * For a page without a connection, the newest line of chat that may be read: when it is another, there is something to
 * read.
 */
newest_line: string | null,
/**
 * The interview's id.
 */
interview: InterviewId,
/**
 * A rehearsal: nothing of it counts, and all of it is erased.
 */
rehearsal: boolean,
/**
 * The interview's name.
 */
name: string,
/**
 * All stages of the interview, in their order.
 */
stages: Array<StageView>,
/**
 * The index of the one that is true for this seat: of the panel that of the current candidate, of a candidate the own one.
 */
stage: number,
/**
 * When it was entered.
 */
stage_since: Time,
/**
 * The index of the one in which all are together, or in which a call begins.
 */
stage_of_all: number,
/**
 * Where this seat stands with each of them.
 */
marks: Array<StageMark>,
/**
 * The clock of the stage that the candidate is in alone; null where all are together, and for who waits.
 */
clock: ClockView | null,
/**
 * Who leads, while the hosts are away.
 */
helm: HelmView,
/**
 * The server's time.
 */
now: Time,
/**
 * The IANA name of the time zone in which times of this interview are told.
 */
time_zone: string,
/**
 * The own seat.
 */
seat: SeatId,
/**
 * The own name.
 */
person: string, };

/**
 * What an examiner, a host or a patrol knows.
 */
export type PanelView = {
/**
 * The own role.
 */
role: "examiner" | "host" | "patrol",
/**
 * Leads: a host, or the examiner who has the helm.
 */
leads: boolean,
/**
 * May tell a result although something stands in the way: marked as chair, or a host where nobody is.
 */
is_chair: boolean,
/**
 * Examiners and hosts; patrols stand on no list.
 */
panel: Array<PanelMember>,
/**
 * All candidates, in the order of the queue.
 */
candidates: Array<CandidateCard>,
/**
 * Whose turn it is.
 */
current: SeatId | null,
/**
 * The current candidate's slides, while they are shown; none for a patrol.
 */
slides: SlidesView | null,
/**
 * What is scored.
 */
criteria: Array<Criterion>,
/**
 * The own sheets; of others only those of candidates whom all examiners have scored. None for a patrol.
 */
sheets: Array<Sheet>,
/**
 * Who has handed a sheet in, by candidate.
 */
submitted: Record<string, string[]>,
/**
 * Candidates whose scores are closed.
 */
locked: Array<SeatId>,
/**
 * What may be asked, in sets; not for patrols.
 */
questions: Array<QuestionSet>,
/**
 * The own private notes; nobody else's, ever.
 */
notes: Array<PrivateNote>,
/**
 * When examiners see the panel's mean.
 */
shows_mean: ShowsMean,
/**
 * What was noted, the oldest first.
 */
incidents: Array<IncidentView>,
/**
 * Random draws, the oldest first.
 */
draws: Array<DrawView>,
/**
 * The interview's id.
 */
interview: InterviewId,
/**
 * A rehearsal: nothing of it counts, and all of it is erased.
 */
rehearsal: boolean,
/**
 * The interview's name.
 */
name: string,
/**
 * All stages of the interview, in their order.
 */
stages: Array<StageView>,
/**
 * The index of the one that is true for this seat: of the panel that of the current candidate, of a candidate the own one.
 */
stage: number,
/**
 * When it was entered.
 */
stage_since: Time,
/**
 * The index of the one in which all are together, or in which a call begins.
 */
stage_of_all: number,
/**
 * Where this seat stands with each of them.
 */
marks: Array<StageMark>,
/**
 * The clock of the stage that the candidate is in alone; null where all are together, and for who waits.
 */
clock: ClockView | null,
/**
 * Who leads, while the hosts are away.
 */
helm: HelmView,
/**
 * The server's time.
 */
now: Time,
/**
 * The IANA name of the time zone in which times of this interview are told.
 */
time_zone: string,
/**
 * The own seat.
 */
seat: SeatId,
/**
 * The own name.
 */
person: string, };

/**
 * What every seat knows.
 */
export type Basics = {
/**
 * The interview's id.
 */
interview: InterviewId,
/**
 * A rehearsal: nothing of it counts, and all of it is erased.
 */
rehearsal: boolean,
/**
 * The interview's name.
 */
name: string,
/**
 * All stages of the interview, in their order.
 */
stages: Array<StageView>,
/**
 * The index of the one that is true for this seat: of the panel that of the current candidate, of a candidate the own one.
 */
stage: number,
/**
 * When it was entered.
 */
stage_since: Time,
/**
 * The index of the one in which all are together, or in which a call begins.
 */
stage_of_all: number,
/**
 * Where this seat stands with each of them.
 */
marks: Array<StageMark>,
/**
 * The clock of the stage that the candidate is in alone; null where all are together, and for who waits.
 */
clock: ClockView | null,
/**
 * Who leads, while the hosts are away.
 */
helm: HelmView,
/**
 * The server's time.
 */
now: Time,
/**
 * The IANA name of the time zone in which times of this interview are told.
 */
time_zone: string,
/**
 * The own seat.
 */
seat: SeatId,
/**
 * The own name.
 */
person: string, };

/**
 * One stage as an institution names it.
 */
export type StageView = {
/**
 * Its name, as everybody reads it: free text.
 */
name: string,
/**
 * What decides who may send and receive what.
 */
kind: StageKind,
/**
 * The planned minutes, for the clock; a stage whose time is over goes on.
 */
minutes: number | null, };

/**
 * What a stage means for those who sit in it.
 */
export type StageKind = "waiting" | "briefing" | "interview" | "deliberation" | "announcement" | "joint_announcement" | "confirmation" | "end";

/**
 * Where a seat stands with a stage.
 */
export type StageMark = "done" | "now" | "next" | "ahead";

/**
 * How long a candidate was in a stage. What has passed is `spent` and, where it runs, the time since `running_since`.
 */
export type ClockView = {
/**
 * Until it was stopped last, in milliseconds.
 */
spent: number,
/**
 * Null while it stands.
 */
running_since: Time | null,
/**
 * The planned time of the stage, in milliseconds; null without a plan.
 */
planned: number | null,
/**
 * What was added to it, in milliseconds.
 */
extended: number,
/**
 * Stopped by a host.
 */
paused: boolean, };

/**
 * Who leads, while the hosts are away.
 */
export type HelmView = {
/**
 * The examiner who leads.
 */
taken_by: SeatId | null,
/**
 * Since when nobody who may lead has a connection; a connection that is lost for some seconds comes back.
 */
empty_since: Time | null, };

/**
 * The role of a seat.
 */
export type Role = "candidate" | "examiner" | "host" | "patrol";

/**
 * Where a candidate is: the same words as in the addresses of the pages.
 */
export type Step = "password" | "identity" | "pledge" | "speaker" | "microphone" | "camera" | "waiting" | "admitted" | "left" | "removed";

/**
 * A device check.
 */
export type Check = "speaker" | "microphone" | "camera";

/**
 * How somebody's identity was found.
 */
export type Method = "sms" | "face" | "staff" | "override";

/**
 * Why a browser cannot use a device.
 */
export type DeviceProblem = "denied" | "missing" | "busy" | "insecure" | "failed";

/**
 * A device that cannot be used at this moment.
 */
export type DeviceTrouble = {
/**
 * Which device.
 */
check: Check,
/**
 * Why.
 */
problem: DeviceProblem,
/**
 * Since when.
 */
since: Time, };

/**
 * How the identity step was passed.
 */
export type IdentityView = {
/**
 * How; null while it is not passed.
 */
method: Method | null,
/**
 * Null while it is not passed.
 */
passed_at: Time | null,
/**
 * The reason of an override; for the panel alone.
 */
reason: string | null, };

/**
 * How an interview finds out who somebody is.
 */
export type IdentityRules = {
/**
 * When faces are compared.
 */
face: FaceUse,
/**
 * Failed tries with the face until the SMS alone is left: 1 to 10.
 */
attempts: number,
/**
 * The person is asked to turn the head to a side that is drawn by lot.
 */
turn: boolean,
/**
 * A candidate may show themselves to a host instead, over a picture before the room.
 */
staff: boolean, };

/**
 * How it stands with the check by the staff.
 */
export type StaffCheckView = {
/**
 * The interview offers it.
 */
offered: boolean,
/**
 * Since when the candidate waits to be looked at; null for who does not.
 */
asked_at: Time | null,
/**
 * What a host said to the newest one that failed; null where none did.
 */
failure: StaffCheckFailure | null, };

/**
 * Why a host did not find that it is the person.
 */
export type StaffCheckFailure = {
/**
 * When.
 */
at: Time,
/**
 * In the host's words.
 */
reason: string, };

/**
 * When faces are compared with the reference photo.
 */
export type FaceUse = "off" | "once" | "each_entry";

/**
 * How it stands with a candidate's face check, for the candidate.
 */
export type FaceView = {
/**
 * Whether it is offered, and why not.
 */
offer: FaceOffer,
/**
 * Tries that are left.
 */
attempts_left: number,
/**
 * The person will be asked to turn the head.
 */
turn: boolean,
/**
 * What the person said to the terms; null while not asked.
 */
consent: Consent | null, };

/**
 * Is the face check offered?
 */
export type FaceOffer = "off" | "no_photo" | "used_up" | "open";

/**
 * What the staff sees of a candidate's face check and pledge.
 */
export type FaceCard = {
/**
 * The newest comparisons, the oldest first.
 */
trials: Array<FaceTrialView>,
/**
 * How many of them a person should look at: another face than on the photo, or two faces in one check.
 */
suspects: number,
/**
 * When the pledge was accepted.
 */
pledged_at: Time | null,
/**
 * Whether it is offered, and why not.
 */
offer: FaceOffer,
/**
 * Tries that are left.
 */
attempts_left: number,
/**
 * The person will be asked to turn the head.
 */
turn: boolean,
/**
 * What the person said to the terms; null while not asked.
 */
consent: Consent | null, };

/**
 * A comparison with its time, as the staff sees it.
 */
export type FaceTrialView = {
/**
 * When.
 */
at: Time,
/**
 * Called for by the staff, from the picture that was being sent; else by the candidate at the identity step.
 */
in_room: boolean,
/**
 * What came of it.
 */
outcome: FaceOutcome,
/**
 * The cosine of the two faces in ten-thousandths, or what an external verifier says instead; null where no two were
 * compared.
 */
score: number | null,
/**
 * What compared: the models of this server, or the name of an external verifier.
 */
verifier: string,
/**
 * The number of the picture that was kept of it; null where none was.
 */
picture: number | null,
/**
 * A print or a screen may have been held before the camera: how sure the model is of a living face, in ten-thousandths. Null
 * where there is no doubt, and where no model looked.
 */
print: number | null, };

/**
 * One comparison of a face with the reference photo.
 */
export type FaceTrial = {
/**
 * What came of it.
 */
outcome: FaceOutcome,
/**
 * The cosine of the two faces in ten-thousandths, or what an external verifier says instead; null where no two were
 * compared.
 */
score: number | null,
/**
 * What compared: the models of this server, or the name of an external verifier.
 */
verifier: string,
/**
 * The number of the picture that was kept of it; null where none was.
 */
picture: number | null,
/**
 * A print or a screen may have been held before the camera: how sure the model is of a living face, in ten-thousandths. Null
 * where there is no doubt, and where no model looked.
 */
print: number | null, };

/**
 * What came of a try.
 */
export type FaceOutcome = "passed" | "different" | "unclear" | "not_followed" | "changed" | "not_seen" | "failed";

/**
 * What a person said to the terms.
 */
export type Consent = {
/**
 * To these.
 */
terms: ConsentTerms,
/**
 * Yes, or no: then the SMS is the way.
 */
given: boolean,
/**
 * When it was said.
 */
at: Time, };

/**
 * To what a person consents, or not: the server's text has a version, and says how long pictures are kept and who compares.
 */
export type ConsentTerms = {
/**
 * The version of the text.
 */
version: number,
/**
 * So many days the pictures are kept.
 */
kept_days: number,
/**
 * Who compares: `viva` for the server itself, `external: <name>` for another service; empty in records that do not tell.
 */
verifier: string, };

/**
 * What would make a face easier to compare, in the order in which it is told.
 */
export type FaceHint = "no_face" | "several_faces" | "too_far" | "too_close" | "off_left" | "off_right" | "off_up" | "off_down" | "too_dark" | "too_bright" | "backlit" | "blurred" | "tilted" | "not_frontal";

/**
 * What a person is asked to do.
 */
export type FaceAsk = "look_ahead" | "turn_left" | "turn_right";

/**
 * What the page says; frames come as binary messages beside it.
 */
export type FaceClientMessage = { "type": "start", };

/**
 * What the server says.
 */
export type FaceServerMessage = { "type": "welcome",
/**
 * 32 hexadecimal digits; their 16 bytes stand before the JPEG of every frame.
 */
nonce: string,
/**
 * So many frames a second are looked at, at most; of more, the newest.
 */
frames_a_second: number,
/**
 * The longest binary message.
 */
frame_bytes: number,
/**
 * The width that a frame should have, in pixels.
 */
frame_width: number, } | { "type": "hint",
/**
 * The first of what would help.
 */
hint: FaceHint | null, } | { "type": "queue",
/**
 * So many.
 */
ahead: number, } | { "type": "check",
/**
 * As in `welcome`.
 */
nonce: string,
/**
 * When it is over at the latest, by the server's clock.
 */
until: Time,
/**
 * The server's clock now.
 */
now: Time, } | { "type": "ask",
/**
 * One thing.
 */
ask: FaceAsk, } | { "type": "result",
/**
 * What came of it.
 */
outcome: FaceOutcome,
/**
 * What would help the next time.
 */
advice: Array<FaceHint>, } | { "type": "error",
/**
 * A code of the table of errors.
 */
code: string,
/**
 * For the developer.
 */
detail: string, };

/**
 * A text with its version.
 */
export type Pledge = {
/**
 * What is promised, in the institution's words.
 */
text: string,
/**
 * Counted by the interview: one more whenever the text changes. What is sent here is not looked at.
 */
version: number, };

/**
 * The SMS code that was sent last.
 */
export type SmsView = {
/**
 * The next one may be sent then.
 */
resend_at: Time,
/**
 * It holds until.
 */
expires_at: Time,
/**
 * Wrong codes until the step is locked.
 */
tries_left: number, };

/**
 * Whether candidates show themselves from a second side, by a phone that is paired with their seat.
 */
export type SecondCamera = "off" | "allowed" | "asked";

/**
 * The codec that pages encode cameras and screens with, where their browser can; else they take VP8.
 */
export type PictureCodec = "vp8" | "h264" | "vp9" | "av1";

/**
 * When examiners see the mean of the sheets that are handed in.
 */
export type ShowsMean = "never" | "all_in" | "own_in";

/**
 * The mean of the sheets of a candidate that are handed in.
 */
export type Mean = {
/**
 * In hundredths, halves rounded up.
 */
points: Points,
/**
 * Of how many sheets.
 */
sheets: number, };

/**
 * Questions that are drawn together.
 */
export type QuestionSet = {
/**
 * What records refer to; unique among the sets of the interview.
 */
id: number,
/**
 * As the panel reads it, e.g. A 组.
 */
name: string,
/**
 * At least one.
 */
questions: Array<Question>, };

/**
 * A question for candidates; no candidate and no patrol reads it here.
 */
export type Question = {
/**
 * What records and marks refer to; unique among all questions of the interview.
 */
id: number,
/**
 * As the panel reads it.
 */
text: string,
/**
 * How long the answer may take; a hint.
 */
minutes: number | null,
/**
 * By which criterion the answer tells most; a hint.
 */
criterion: CriterionId | null, };

/**
 * How it stands with a candidate's second camera.
 */
export type SecondCameraState = {
/**
 * Whether this interview has second cameras.
 */
wish: SecondCamera,
/**
 * A phone is paired.
 */
paired: boolean,
/**
 * It has a connection now.
 */
online: boolean, };

/**
 * What a paired phone knows.
 */
export type SecondCameraView = {
/**
 * Always `second_camera`: tells this view from a candidate's.
 */
role: "second_camera",
/**
 * A rehearsal: nothing of it counts.
 */
rehearsal: boolean,
/**
 * The interview's name.
 */
name: string,
/**
 * The candidate's name.
 */
person: string,
/**
 * The panel may see its picture now.
 */
seen: boolean,
/**
 * The server's time.
 */
now: Time, };

/**
 * The newest try of each device.
 */
export type ChecksView = {
/**
 * 扬声器检测; null before the first try.
 */
speaker: CheckView | null,
/**
 * 麦克风检测; null before the first try.
 */
microphone: CheckView | null,
/**
 * 视频检测; null before the first try.
 */
camera: CheckView | null, };

/**
 * The newest try of a device.
 */
export type CheckView = {
/**
 * Did it work?
 */
passed: boolean,
/**
 * The device's name.
 */
device: string,
/**
 * When it was tried.
 */
at: Time, };

/**
 * A line of chat: told by itself, never as a part of a view.
 */
export type ChatLine = {
/**
 * Unique in the interview: a whole number in decimal, larger than that of any line before it.
 */
id: string,
/**
 * When it was written.
 */
at: Time,
/**
 * The seat that wrote it.
 */
from: SeatId,
/**
 * Who, by name.
 */
from_name: string,
/**
 * Who, by role.
 */
from_role: Role,
/**
 * Who may read it.
 */
audience: Audience,
/**
 * As it was written: text, never markup.
 */
text: string, };

/**
 * Lines that follow each other among those that a seat may read.
 */
export type ChatPart = {
/**
 * The oldest first.
 */
lines: Array<ChatLine>,
/**
 * The id of the line directly before the first; null when there is none.
 */
before: string | null, };

/**
 * Who reads a line.
 */
export type Audience = { "to": "all" } | { "to": "panel" } | { "to": "candidate",
/**
 * The candidate who reads it, or has written it.
 */
candidate: SeatId, };

/**
 * A published result.
 */
export type ResultView = {
/**
 * Free text, e.g. 拟录取.
 */
outcome: string,
/**
 * In hundredths; null where the result is in words alone.
 */
points: Points | null,
/**
 * From the host; may be empty.
 */
remark: string,
/**
 * What `confirm` repeats, so that a result changed meanwhile is not confirmed unseen.
 */
published_at: Time,
/**
 * What `confirm` repeats as well: the how many-th telling of a result it is, from 1.
 */
revision: number,
/**
 * Why it is another than the one that was confirmed before; null where none was.
 */
correction: string | null, };

/**
 * What a result says.
 */
export type Verdict = {
/**
 * In the institution's words, e.g. 拟录取.
 */
outcome: string,
/**
 * In hundredths; null where the result is in words alone.
 */
points: Points | null,
/**
 * For the candidate; may be empty.
 */
remark: string, };

/**
 * A draft, which no candidate sees. Of two the later one has the higher revision.
 */
export type Draft = {
/**
 * How often it was written; who publishes names the one that was seen.
 */
revision: number,
/**
 * When it was written last.
 */
at: Time,
/**
 * In the institution's words, e.g. 拟录取.
 */
outcome: string,
/**
 * In hundredths; null where the result is in words alone.
 */
points: Points | null,
/**
 * For the candidate; may be empty.
 */
remark: string, };

/**
 * A prepared result as somebody has seen it.
 */
export type DraftSeen = {
/**
 * The candidate of whom it tells.
 */
candidate: SeatId,
/**
 * Its `revision`: another one is not published.
 */
revision: number, };

/**
 * That a result was taken back, and none was told since.
 */
export type Withdrawal = {
/**
 * When.
 */
at: Time,
/**
 * In the host's words; empty once it is erased.
 */
reason: string, };

/**
 * What still stands in the way of a candidate's result, in the order in which it is said.
 */
export type Gate = "not_interviewed" | "sheets_missing" | "in_session";

/**
 * A host's word that lets a candidate pass the checks of devices.
 */
export type Waiver = {
/**
 * When.
 */
at: Time,
/**
 * The host's reason.
 */
reason: string, };

/**
 * A candidate, as the panel sees it.
 */
export type CandidateCard = {
/**
 * What hosts name in their actions.
 */
seat: SeatId,
/**
 * The person's name.
 */
name: string,
/**
 * The number of the exam card.
 */
number: string,
/**
 * Where on the path.
 */
step: Step | "invited",
/**
 * Has a connection now.
 */
online: boolean,
/**
 * Is on the pages before the room, and not in it yet.
 */
arriving: boolean,
/**
 * When the pages before the room last asked; null for who is there, or was not since.
 */
last_seen: Time | null,
/**
 * Since when the connection is lost; null for who is online, or never was.
 */
offline_since: Time | null,
/**
 * How the identity step was passed.
 */
identity: IdentityView,
/**
 * The newest try of each device.
 */
checks: ChecksView,
/**
 * The first device whose newest try failed.
 */
failed_check: Check | null,
/**
 * The devices that the page cannot use at this moment.
 */
device_troubles: Array<DeviceTrouble>,
/**
 * A host let this candidate pass the checks.
 */
waiver: Waiver | null,
/**
 * The step that is locked for a while, after too many wrong passwords or codes.
 */
locked_at: "password" | "identity" | null,
/**
 * How it stands with the face check.
 */
face: FaceCard,
/**
 * How it stands with the check by the staff.
 */
staff_check: StaffCheckView,
/**
 * Is there a reference photo?
 */
photo: boolean,
/**
 * The papers; none for a patrol.
 */
papers: Array<PaperView>,
/**
 * The own time; null: when the interview opens.
 */
starts_at: Time | null,
/**
 * The place among those who wait to be called, from 1; null for all others.
 */
position: number | null,
/**
 * Put at the end of the queue.
 */
deferred: boolean,
/**
 * Done in this stage: `call_next` passes by.
 */
done: boolean,
/**
 * It is this candidate's turn.
 */
current: boolean,
/**
 * The host talks to this candidate.
 */
addressed: boolean,
/**
 * Has the word in a briefing.
 */
has_word: boolean,
/**
 * Is invited to share the screen.
 */
may_share: boolean,
/**
 * The second camera.
 */
second_camera: SecondCameraState,
/**
 * The hand is up.
 */
hand: boolean,
/**
 * Muted by the host.
 */
muted: boolean,
/**
 * The published result.
 */
result: ResultView | null,
/**
 * When it was confirmed.
 */
confirmed_at: Time | null,
/**
 * That it was taken back, while none is told; for hosts alone.
 */
withdrawn: Withdrawal | null,
/**
 * Since when this candidate may go; a call brings them back.
 */
let_go_at: Time | null,
/**
 * When this candidate left; null for who has not, or came back.
 */
left_at: Time | null,
/**
 * When an interview with this candidate first came to its end.
 */
interviewed_at: Time | null,
/**
 * What still stands in the way of a result; a chair may go past it.
 */
gates: Array<Gate>,
/**
 * The prepared result; for hosts alone.
 */
draft: Draft | null,
/**
 * How many examiners have handed their sheet in.
 */
submitted: number,
/**
 * The mean of the sheets that are handed in; for examiners alone, as the interview's setup allows.
 */
mean: Mean | null,
/**
 * The `id` of the set of questions that was drawn; not for patrols.
 */
question_set: number | null,
/**
 * The questions that were asked; not for patrols.
 */
asked: Array<number>, };

/**
 * A paper, as those see it who may read it.
 */
export type PaperView = {
/**
 * Counted from 1 for each candidate, and never given again.
 */
number: number,
/**
 * As the file was called where it came from.
 */
name: string,
/**
 * What it is.
 */
kind: PaperKind,
/**
 * How large it is.
 */
bytes: number,
/**
 * The slides, whose pages the candidate turns before the panel: at most one paper of a candidate.
 */
slides: boolean,
/**
 * The candidate put it there, not the office.
 */
own: boolean,
/**
 * When it was put there.
 */
at: Time, };

/**
 * What a paper is, told by its first bytes; what a client calls it is not asked.
 */
export type PaperKind = "pdf" | "jpeg" | "png" | "webp";

/**
 * Slides that are shown at this moment.
 */
export type SlidesView = {
/**
 * The number of the paper.
 */
number: number,
/**
 * The page, from 1; where the paper has fewer, its last one is meant.
 */
page: number, };

/**
 * A member of the panel.
 */
export type PanelMember = {
/**
 * The id that `from` of a line of chat names.
 */
seat: SeatId,
/**
 * The person's name.
 */
name: string,
/**
 * Examiner or host.
 */
role: Role,
/**
 * Marked as chair.
 */
chair: boolean,
/**
 * Has a connection now.
 */
online: boolean,
/**
 * Muted by the host.
 */
muted: boolean,
/**
 * Put out by the host.
 */
removed: boolean, };

/**
 * What is scored.
 */
export type Criterion = {
/**
 * What sheets and exports refer to; unique in the interview.
 */
id: CriterionId,
/**
 * What examiners read on the sheet.
 */
name: string,
/**
 * How much it counts beside the others: per cent or any other measure.
 */
weight: number,
/**
 * The most points.
 */
max: Points,
/**
 * The least points.
 */
min: Points, };

/**
 * A score sheet.
 */
export type Sheet = {
/**
 * The examiner whose sheet it is.
 */
examiner: SeatId,
/**
 * The candidate who is scored.
 */
candidate: SeatId,
/**
 * Hundredths by criterion.
 */
points: Record<string, number>,
/**
 * For the panel; may be empty.
 */
remark: string,
/**
 * When it was last kept.
 */
saved_at: Time | null,
/**
 * When it was handed in.
 */
submitted_at: Time | null,
/**
 * The weighted mean, once all points are there.
 */
total: Points | null, };

/**
 * What an examiner has written of a candidate for the own eyes.
 */
export type PrivateNote = {
/**
 * The candidate of whom it tells.
 */
candidate: SeatId,
/**
 * Not empty.
 */
text: string,
/**
 * When it was last kept.
 */
kept_at: Time, };

/**
 * A noted incident.
 */
export type IncidentView = {
/**
 * Unique in the interview.
 */
id: string,
/**
 * When it was noted.
 */
at: Time,
/**
 * Who noted it, by role.
 */
by_role: Role,
/**
 * Who noted it, by name; empty of a patrol, who stands on no list.
 */
by_name: string,
/**
 * The candidate whom it concerns, if it is one.
 */
candidate: SeatId | null,
/**
 * What was seen, in the words of who noted it.
 */
note: string, };

/**
 * A draw, without the lists: what everybody of the staff sees at any moment.
 */
export type DrawView = {
/**
 * Its number in the interview, from 1.
 */
number: number,
/**
 * What is drawn.
 */
kind: DrawKind,
/**
 * How far it is.
 */
state: DrawState,
/**
 * The hash that holds the seed, in hexadecimal digits; shown before the draw.
 */
commitment: string,
/**
 * The hash of what is drawn from, in hexadecimal digits.
 */
list: string,
/**
 * For how many something is drawn.
 */
people: number,
/**
 * Out of how many lots.
 */
of: number,
/**
 * When the hash was shown.
 */
committed_at: Time,
/**
 * Who began it, by name or account.
 */
by: string,
/**
 * Why it was drawn again.
 */
reason: string | null,
/**
 * When it was drawn or given up.
 */
ended_at: Time | null,
/**
 * What witnesses said before the draw; it decides together with the seed.
 */
words: string | null,
/**
 * The seed, once the draw is over.
 */
seed: Seed | null,
/**
 * Somebody on the list was erased since: the hash of the list cannot be found again from it.
 */
erased: boolean, };

/**
 * What is drawn.
 */
export type DrawKind = "order" | "questions" | "rooms";

/**
 * How far a draw is.
 */
export type DrawState = "committed" | "drawn" | "given_up";

/**
 * A draw with its lists.
 */
export type DrawSheet = {
/**
 * For whom something is drawn: numbers of exam cards, or texts as they were given; in the order of their bytes.
 */
entries: Array<string>,
/**
 * What is drawn: places, sets of questions, rooms.
 */
lots: Array<string>,
/**
 * The lot of each entry, once it is drawn.
 */
outcome: Array<string> | null,
/**
 * Its number in the interview, from 1.
 */
number: number,
/**
 * What is drawn.
 */
kind: DrawKind,
/**
 * How far it is.
 */
state: DrawState,
/**
 * The hash that holds the seed, in hexadecimal digits; shown before the draw.
 */
commitment: string,
/**
 * The hash of what is drawn from, in hexadecimal digits.
 */
list: string,
/**
 * For how many something is drawn.
 */
people: number,
/**
 * Out of how many lots.
 */
of: number,
/**
 * When the hash was shown.
 */
committed_at: Time,
/**
 * Who began it, by name or account.
 */
by: string,
/**
 * Why it was drawn again.
 */
reason: string | null,
/**
 * When it was drawn or given up.
 */
ended_at: Time | null,
/**
 * What witnesses said before the draw; it decides together with the seed.
 */
words: string | null,
/**
 * The seed, once the draw is over.
 */
seed: Seed | null,
/**
 * Somebody on the list was erased since: the hash of the list cannot be found again from it.
 */
erased: boolean, };

/**
 * All draws of an interview, as they are exported.
 */
export type DrawFile = {
/**
 * How it is drawn: `viva draw 1`.
 */
format: string,
/**
 * The id of the interview.
 */
interview: string,
/**
 * Its name.
 */
name: string,
/**
 * The draws, the oldest first.
 */
draws: Array<DrawSheet>, };

/**
 * What decides a draw: 32 random bytes, handed in. In text 64 lower-case hexadecimal digits.
 */
export type Seed = string;

/**
 * What a seat may want, told apart by `do`; the role says which.
 */
export type SeatAction = { "do": "say",
/**
 * Who is to read it.
 */
audience: Audience,
/**
 * At most 2,000 characters.
 */
text: string, } | { "do": "raise_hand",
/**
 * False takes the hand down.
 */
raised: boolean, } | { "do": "confirm",
/**
 * The `published_at` of the result that the person has seen: another one is not confirmed.
 */
published_at?: Time,
/**
 * The `revision` of it. A correction is confirmed by its revision alone.
 */
revision?: number, } | { "do": "leave", } | { "do": "save_scores",
/**
 * The candidate who is scored.
 */
candidate: SeatId,
/**
 * Hundredths by criterion; some may be missing.
 */
points: Record<string, number>,
/**
 * At most 2,000 characters.
 */
remark: string, } | { "do": "submit_scores",
/**
 * The candidate who is scored.
 */
candidate: SeatId, } | { "do": "keep_note",
/**
 * The candidate of whom it tells.
 */
candidate: SeatId,
/**
 * At most 2,000 characters; empty for none.
 */
text: string, } | { "do": "call",
/**
 * The waiting candidate to be the current one.
 */
candidate: SeatId, } | { "do": "call_next", } | { "do": "next_candidate",
/**
 * The current candidate: a second click finishes nobody else.
 */
finish: SeatId, } | { "do": "take_helm", } | { "do": "give_helm", } | { "do": "move_candidate",
/**
 * Any candidate but the current one and those who are out.
 */
candidate: SeatId,
/**
 * Whom they are to stand before; `null` moves to the end.
 */
before: SeatId | null, } | { "do": "let_go",
/**
 * Who is in the waiting room.
 */
candidate: SeatId, } | { "do": "pause_clock", } | { "do": "resume_clock", } | { "do": "extend_clock",
/**
 * 1 to 240.
 */
minutes: number,
/**
 * For the record.
 */
reason: string, } | { "do": "send_back", } | { "do": "defer",
/**
 * Any candidate but the current one and those who are out.
 */
candidate: SeatId, } | { "do": "return",
/**
 * A candidate who was deferred.
 */
candidate: SeatId, } | { "do": "finish_candidate", } | { "do": "remove",
/**
 * Whom: a candidate, an examiner or a patrol.
 */
seat: SeatId,
/**
 * For the record.
 */
reason: string, } | { "do": "readmit",
/**
 * A seat that was put out, or whose person left.
 */
seat: SeatId, } | { "do": "go_to_stage",
/**
 * Its index, from 0.
 */
stage: number, } | { "do": "address",
/**
 * The one to talk to; `null` ends the talk.
 */
candidate: SeatId | null, } | { "do": "give_word",
/**
 * Who is in the waiting room or led in, in a stage for all candidates.
 */
candidate: SeatId,
/**
 * False takes the word back.
 */
given: boolean, } | { "do": "invite_screen",
/**
 * The current candidate's seat.
 */
candidate: SeatId,
/**
 * False takes the invitation back.
 */
invited: boolean, } | { "do": "invite_slides",
/**
 * The current candidate's seat.
 */
candidate: SeatId,
/**
 * False takes the invitation back.
 */
invited: boolean, } | { "do": "turn_page",
/**
 * From 1.
 */
page: number, } | { "do": "mute",
/**
 * Any seat but a patrol's, which sends nothing.
 */
seat: SeatId,
/**
 * False lets them be heard again.
 */
muted: boolean, } | { "do": "override_identity",
/**
 * A candidate at the password or the identity step.
 */
candidate: SeatId,
/**
 * For the record.
 */
reason: string, } | { "do": "confirm_identity",
/**
 * A candidate who has asked to be looked at.
 */
candidate: SeatId, } | { "do": "refuse_identity",
/**
 * A candidate who has asked to be looked at.
 */
candidate: SeatId,
/**
 * For the candidate and for the record.
 */
reason: string, } | { "do": "pass_checks",
/**
 * A candidate at one of the checks.
 */
candidate: SeatId,
/**
 * For the record.
 */
reason: string, } | { "do": "verify_again",
/**
 * A candidate who waits or is led in.
 */
candidate: SeatId, } | { "do": "lock_scores",
/**
 * A candidate whom every examiner has scored.
 */
candidate: SeatId, } | { "do": "draft_result",
/**
 * The candidate whose result it may become.
 */
candidate: SeatId,
/**
 * Free text, e.g. 拟录取.
 */
outcome: string,
/**
 * In hundredths; `null` where the result is in words alone.
 */
points: Points | null,
/**
 * At most 2,000 characters; may be empty.
 */
remark: string, } | { "do": "drop_draft",
/**
 * The candidate of whom it tells.
 */
candidate: SeatId, } | { "do": "publish_result",
/**
 * The candidate whose result it is.
 */
candidate: SeatId,
/**
 * Free text, e.g. 拟录取.
 */
outcome: string,
/**
 * In hundredths; `null` where the result is in words alone.
 */
points: Points | null,
/**
 * At most 2,000 characters; may be empty.
 */
remark: string,
/**
 * Why a chair tells it although something stands in the way, for the record; at most 500 characters.
 */
beyond?: string, } | { "do": "publish_drafts",
/**
 * At most one a candidate, each as it was seen.
 */
drafts: Array<DraftSeen>, } | { "do": "withdraw_result",
/**
 * The candidate whose result it was.
 */
candidate: SeatId,
/**
 * For the record.
 */
reason: string, } | { "do": "correct_result",
/**
 * The candidate whose result it is.
 */
candidate: SeatId,
/**
 * Free text, e.g. 拟录取.
 */
outcome: string,
/**
 * In hundredths; `null` where the result is in words alone.
 */
points: Points | null,
/**
 * At most 2,000 characters; may be empty.
 */
remark: string,
/**
 * For the candidate and for the record.
 */
reason: string, } | { "do": "assign_questions",
/**
 * The candidate who has drawn it.
 */
candidate: SeatId,
/**
 * The `id` of the set; `null` for none.
 */
set: number | null, } | { "do": "mark_asked",
/**
 * The candidate who was asked.
 */
candidate: SeatId,
/**
 * The `id` of the question, of whatever set.
 */
question: number,
/**
 * False takes the mark back.
 */
asked: boolean, } | { "do": "mark_incident",
/**
 * With whom, if with one.
 */
candidate: SeatId | null,
/**
 * At most 2,000 characters, not empty.
 */
note: string, };

/**
 * What kind of device a browser runs on.
 */
export type DeviceKind = "computer" | "tablet" | "phone";

/**
 * How far a candidate came in a rehearsal.
 */
export type Rehearsed = {
/**
 * The candidate; the interview knows the name, as long as it has it.
 */
seat: SeatId,
/**
 * When they first came; null for who did not.
 */
entered_at: Time | null,
/**
 * Where on the path they were last.
 */
step: Step | "invited",
/**
 * How they showed who they are; null where they did not.
 */
shown_by: Method | null,
/**
 * On what they came last; null where the browser does not tell.
 */
device: DeviceKind | null,
/**
 * The newest try of each device.
 */
checks: RehearsedChecks,
/**
 * A host let them pass the checks.
 */
waived: boolean,
/**
 * Wrong passwords or codes have locked them out for a while.
 */
locked: boolean,
/**
 * Each device that could not be used, also where it could later.
 */
troubles: Array<RehearsedTrouble>,
/**
 * How often their network was bad.
 */
network: number,
/**
 * They were led in.
 */
called: boolean, };

/**
 * The checks of somebody's devices in a rehearsal.
 */
export type RehearsedChecks = {
/**
 * 扬声器检测; null where it was not tried.
 */
speaker: RehearsedCheck | null,
/**
 * 麦克风检测; null where it was not tried.
 */
microphone: RehearsedCheck | null,
/**
 * 视频检测; null where it was not tried.
 */
camera: RehearsedCheck | null, };

/**
 * A check of a device in a rehearsal.
 */
export type RehearsedCheck = {
/**
 * Did the newest try work?
 */
passed: boolean,
/**
 * On what it was tried; null where the browser does not tell.
 */
device: DeviceKind | null, };

/**
 * A device that a page could not use in a rehearsal.
 */
export type RehearsedTrouble = {
/**
 * Which device.
 */
check: Check,
/**
 * Why.
 */
problem: DeviceProblem, };

/**
 * All that an administrator decides about an interview, people aside.
 */
export type Setup = {
/**
 * The interview's name, as everybody reads it.
 */
name: string,
/**
 * Invitations hold from here on.
 */
opens_at: Time,
/**
 * Invitations hold until here; who is inside stays.
 */
closes_at: Time,
/**
 * At least one; the interview begins in the first.
 */
stages: Array<StageView>,
/**
 * What examiners score; may be empty.
 */
criteria: Array<Criterion>,
/**
 * Whether candidates have a second camera; without a word they have none.
 */
second_camera: SecondCamera,
/**
 * How candidates show who they are; without a word by SMS alone.
 */
identity: IdentityRules,
/**
 * What candidates promise before they go on; without a word nothing.
 */
pledge: Pledge | null,
/**
 * What pictures are encoded with; without a word it is VP8.
 */
picture_codec: PictureCodec,
/**
 * When a candidate may go; without a word never by itself.
 */
lets_go: LetsGo,
/**
 * The IANA name of the time zone in which its times are told, such as `Asia/Shanghai`, which it is without a word.
 */
time_zone: string,
/**
 * When examiners see the panel's mean; without a word never.
 */
shows_mean: ShowsMean,
/**
 * The panel's questions, in sets; without a word none.
 */
questions: Array<QuestionSet>, };

/**
 * When a candidate who is done may go.
 */
export type LetsGo = "never" | "finished" | "confirmed";

/**
 * An interview in a list of interviews.
 */
export type InterviewRow = {
/**
 * Stands in the addresses of what concerns this interview.
 */
id: InterviewId,
/**
 * As candidates and panel read it.
 */
name: string,
/**
 * Invitations hold from.
 */
opens_at: Time,
/**
 * Invitations hold until.
 */
closes_at: Time,
/**
 * All stages of the interview, in their order.
 */
stages: Array<StageView>,
/**
 * The index of the current one.
 */
stage: number,
/**
 * What is scored.
 */
criteria: Array<Criterion>,
/**
 * Whether candidates have a second camera.
 */
second_camera: SecondCamera,
/**
 * How candidates show who they are.
 */
identity: IdentityRules,
/**
 * What candidates promise before they go on; null for nothing.
 */
pledge: Pledge | null,
/**
 * What pictures are encoded with.
 */
picture_codec: PictureCodec,
/**
 * When a candidate may go.
 */
lets_go: LetsGo,
/**
 * The IANA name of the time zone in which its times are told.
 */
time_zone: string,
/**
 * When examiners see the panel's mean.
 */
shows_mean: ShowsMean,
/**
 * The panel's questions, in sets; left out, that is empty, where interviews are listed.
 */
questions: Array<QuestionSet>,
/**
 * When it was created.
 */
created_at: Time,
/**
 * How many candidates it has.
 */
candidates: number,
/**
 * How many seats of the staff it has.
 */
staff: number, };

/**
 * A seat of the staff.
 */
export type StaffRow = {
/**
 * Stands in the addresses of what concerns this seat.
 */
seat: SeatId,
/**
 * The account that it belongs to; may be empty.
 */
account: string,
/**
 * The person's name.
 */
name: string,
/**
 * Any role but candidate.
 */
role: Role,
/**
 * A host who was marked as chair.
 */
chair: boolean, };

/**
 * A candidate as administrators see it: the invitation, not the scores.
 */
export type CandidateRow = {
/**
 * Stands in the addresses of what concerns this candidate.
 */
seat: SeatId,
/**
 * The person's name.
 */
name: string,
/**
 * The number of the exam card.
 */
number: string,
/**
 * The registered phone; may be empty.
 */
phone: string,
/**
 * The invitation's code.
 */
code: Code,
/**
 * Has the invitation a password?
 */
password_set: boolean,
/**
 * Is there a reference photo?
 */
photo: boolean,
/**
 * How many papers there are.
 */
papers: number,
/**
 * The own time; null: when the interview opens.
 */
starts_at: Time | null,
/**
 * Where on the path.
 */
step: Step | "invited",
/**
 * When the invitation last went to the outbox.
 */
invited_at: Time | null,
/**
 * When a reminder last went to the outbox.
 */
reminded_at: Time | null, };

/**
 * A list of candidates that was imported.
 */
export type ImportRow = {
/**
 * Stands in the address by which it is undone.
 */
import: string,
/**
 * When it was.
 */
at: Time,
/**
 * The administrator's account; empty where it was the server.
 */
by: string,
/**
 * How many it added.
 */
added: number,
/**
 * How many were known, and got other data; undoing does not touch these.
 */
changed: number,
/**
 * How many of those added are still in the list.
 */
left: number,
/**
 * How many of those added have entered: then it cannot be undone.
 */
entered: number,
/**
 * How many of those added were sent the invitation, whose codes would be void.
 */
invited: number,
/**
 * Until when it can be undone.
 */
until: Time, };

/**
 * One fault in data of candidates.
 */
export type RowProblem = {
/**
 * The row, from 1, headings aside.
 */
row: number,
/**
 * Where in it.
 */
column: Column,
/**
 * What is wrong.
 */
problem: Problem, };

/**
 * A column of an import.
 */
export type Column = "name" | "number" | "phone" | "password" | "time";

/**
 * What is wrong with a cell.
 */
export type Problem = "empty" | "too_long" | "invalid" | "duplicate" | "entered" | "outside";
