// The messages of the WebSocket. Generated from the Rust types of the signaling crate by its tests (VIVA_BLESS=1 rewrites it); do not edit.

import type { ChatLine, SeatAction, SeatView } from './interview'

/**
 * A client's message with the number that the answer to it repeats.
 */
export type ClientEnvelope = {
/**
 * Chosen by the client, growing; repeated as `re` in the answer. A message without one gets no answer but errors.
 */
id?: number, } & ClientMessage;

/**
 * A client's message.
 */
export type ClientMessage = { "type": "hello",
/**
 * The version of the protocol that the client speaks: 1.
 */
version: number,
/**
 * Name and version of the client software, for the log; at most 200 characters.
 */
client: string, } | { "type": "join",
/**
 * As printed by `viva token`.
 */
token: string, } | { "type": "resume",
/**
 * From the newest `joined`.
 */
session: string,
/**
 * False when the client has lost its peer connection (a reloaded page): the seat's publications and slots
 * go, and the next `offer` builds new ones on a new transport. True when the media path still stands.
 */
media: boolean, } | { "type": "offer",
/**
 * The session description (RFC 8829).
 */
sdp: string,
/**
 * What each sending media section carries.
 */
tracks: Array<PublishedTrack>, } | { "type": "ice_servers", } | { "type": "trickle",
/**
 * `candidate:…`, without `a=`.
 */
candidate: string | null, } | { "type": "view",
/**
 * One entry a slot.
 */
slots: Array<SlotView>, } | { "type": "mute",
/**
 * The media section that carries it.
 */
mid: string,
/**
 * False lets it be heard or seen again.
 */
muted: boolean, } | { "type": "act",
/**
 * Chosen by the client, 1 to 64 visible ASCII characters: the same command repeated is done once.
 */
command: string,
/**
 * What is done. This crate passes it on unread, at most [`MAX_ACTION`](super::MAX_ACTION) bytes of message.
 */
action: SeatAction, } | { "type": "history",
/**
 * The id of the oldest line that the client has: those directly before it are wanted.
 */
before: string, } | { "type": "stats", } | { "type": "ping", } | { "type": "leave", };

/**
 * What a sending media section carries.
 */
export type PublishedTrack = {
/**
 * The media section.
 */
mid: string,
/**
 * Where sound or picture comes from.
 */
source: TrackSource,
/**
 * Muted from the start?
 */
muted: boolean, };

/**
 * What one video slot should show.
 */
export type SlotView = {
/**
 * The slot's media section.
 */
mid: string,
/**
 * Which publication; `null` empties the slot.
 */
publication: string | null,
/**
 * Height of the tile in device pixels: the smallest layer at least so high is sent, else the largest.
 */
height: number, };

/**
 * A server's message with the number of the client's message that it answers.
 */
export type ServerEnvelope = {
/**
 * The `id` of the message that this answers; absent on news.
 */
re?: number, } & ServerMessage;

/**
 * A server's message.
 */
export type ServerMessage = { "type": "welcome",
/**
 * The version of the protocol that the server speaks: 1.
 */
version: number,
/**
 * Name and version of the server software.
 */
server: string, } | { "type": "joined",
/**
 * The room's name.
 */
room: string,
/**
 * The client's own participant id.
 */
participant: string,
/**
 * The client's own name, from its token.
 */
name: string,
/**
 * Opens the seat again by `resume`; a new one with every `joined`.
 */
session: string,
/**
 * Ways by which media gets through where nothing else does; none where the server does not speak TURN.
 */
ice_servers?: Array<IceServer>,
/**
 * How long the seat is kept after a lost connection, in milliseconds.
 */
resume_ms: number,
/**
 * True when the seat was kept and its publications and slots still stand.
 */
resumed: boolean,
/**
 * What the client may do.
 */
permissions: PermissionState,
/**
 * Everybody else who has a seat in the room.
 */
participants: Array<ParticipantState>,
/**
 * Everything that the client may receive.
 */
publications: Array<PublicationState>, } | { "type": "answer",
/**
 * The session description, with all candidates of the server.
 */
sdp: string,
/**
 * The publications that stand now, one a sending media section.
 */
publications: Array<AnswerPublication>,
/**
 * The slots that stand now, one a receiving media section.
 */
slots: Array<AnswerSlot>, } | { "type": "ice_servers",
/**
 * As in `joined`.
 */
ice_servers: Array<IceServer>, } | { "type": "done", } | { "type": "pong", } | { "type": "error",
/**
 * From the one table of errors.
 */
code: ErrorCode,
/**
 * What went wrong, in English, for the developer; the person's text follows from the code.
 */
detail: string,
/**
 * Seconds after which it may be tried again, where that is known.
 */
retry_after?: number, } | { "type": "participant",
/**
 * The participant as it is now.
 */
participant: ParticipantState, } | { "type": "participant_left",
/**
 * The id of who left.
 */
participant: string, } | { "type": "publication",
/**
 * The publication as it is now.
 */
publication: PublicationState, } | { "type": "publication_gone",
/**
 * The id that it had.
 */
publication: string, } | { "type": "slot",
/**
 * The slot's media section.
 */
mid: string,
/**
 * Which publication; `null` when it is empty.
 */
publication: string | null,
/**
 * Why it is empty, where the client asked for what it cannot be given: `codec_unsupported`.
 */
code?: ErrorCode,
/**
 * The client's line carries nothing for it at present: its last picture stays, under a mark.
 */
paused?: boolean,
/**
 * How well the client's line shows it: left out while that is good, or not measured.
 */
quality?: NetworkQuality, } | { "type": "active_speaker",
/**
 * The id of who speaks; `null` when nobody does.
 */
participant: string | null, } | { "type": "wanted",
/**
 * The media section that carries it.
 */
mid: string,
/**
 * The rids to send; all of one when there is no simulcast.
 */
rids: Array<string>,
/**
 * False when nobody receives it at all.
 */
any: boolean, } | { "type": "interview",
/**
 * What was known before is void.
 */
view: SeatView,
/**
 * Lists may be cut short: `interview_change` follows at once, and nothing is to be shown before the last.
 */
more?: boolean, } | { "type": "interview_change",
/**
 * Fields of the view with another value than before.
 */
fields: Record<string, unknown>,
/**
 * Long lists of the view in which something is different, by the name of the field.
 */
lists: Record<string, ListChange>,
/**
 * More of the same change follows at once, and nothing is to be shown before the last.
 */
more?: boolean, } | { "type": "chat",
/**
 * They follow each other, the oldest first.
 */
lines: ChatLine[],
/**
 * The id of the line directly before the first, as far as this seat may read it; `null` when there is none. A
 * line that the client does not have is asked for by `history`.
 */
before: string | null, } | { "type": "permissions",
/**
 * What it may do now.
 */
permissions: PermissionState, } | { "type": "quality",
/**
 * As the server sees it.
 */
quality: NetworkQuality, } | { "type": "media",
/**
 * Whether packets flow.
 */
connected: boolean, } | { "type": "stats",
/**
 * What the server measured.
 */
report: StatsReport, } | { "type": "closed",
/**
 * What the client should do follows from it.
 */
reason: CloseReason, };

/**
 * A server of TURN (RFC 8656), as `RTCPeerConnection` takes it.
 */
export type IceServer = {
/**
 * Where it is reached (RFC 7065), the way that costs least first.
 */
urls: Array<string>,
/**
 * The name to show.
 */
username: string,
/**
 * The password for it.
 */
credential: string,
/**
 * How long these are good for new allocations, in milliseconds; what stands goes on as long as its seat.
 */
expires_ms: number, };

/**
 * How the media of a participant gets here.
 */
export type MediaWay = "udp" | "tcp" | "turn_udp" | "turn_tcp" | "turn_tls";

/**
 * A participant, as the others see it.
 */
export type ParticipantState = {
/**
 * Its id: 16 hexadecimal digits.
 */
id: string,
/**
 * The name in the token, for people to read.
 */
name: string,
/**
 * False while its connection is interrupted and its seat is kept.
 */
connected: boolean,
/**
 * The quality of its network, as the server sees it.
 */
quality: NetworkQuality,
/**
 * How its media travels; left out while none does.
 */
way?: MediaWay,
/**
 * It sends more sound or pictures than it may, and what is too much is dropped; left out while it keeps to it.
 */
excess?: boolean,
/**
 * Its seat in the room's interview, 16 hexadecimal digits; `null` in rooms without one.
 */
seat?: string | null, };

/**
 * A publication, as its receivers see it.
 */
export type PublicationState = {
/**
 * Its id: 16 hexadecimal digits.
 */
id: string,
/**
 * Who sends it.
 */
participant: string,
/**
 * Audio or video.
 */
kind: "audio" | "video",
/**
 * Where it comes from.
 */
source: TrackSource,
/**
 * Muted by its sender.
 */
muted: boolean,
/**
 * The seat that shows it, 16 hexadecimal digits; left out in rooms without an interview. A paired phone is nobody on
 * the list of participants: its picture belongs to this seat.
 */
seat?: string, };

/**
 * What a participant may do.
 */
export type PermissionState = {
/**
 * May send tracks.
 */
publish: boolean,
/**
 * May receive tracks.
 */
subscribe: boolean, };

/**
 * Where a track's sound or picture comes from.
 */
export type TrackSource = "microphone" | "camera" | "second_camera" | "screen" | "screen_audio";

/**
 * A network's quality in three steps, from loss both ways, round-trip time and the line's queue, and one for a lost
 * connection. It falls at once and rises slowly.
 */
export type NetworkQuality = "unknown" | "good" | "fair" | "poor" | "lost";

/**
 * What is different in a list.
 */
export type ListChange = {
/**
 * How many elements it has now; those beyond are no more.
 */
length: number,
/**
 * Elements that are new or different, with their places counted from 0.
 */
elements: [number, unknown][], };

/**
 * One of the client's publications.
 */
export type AnswerPublication = {
/**
 * The media section.
 */
mid: string,
/**
 * The publication's id.
 */
publication: string, };

/**
 * One of the client's slots.
 */
export type AnswerSlot = {
/**
 * The media section.
 */
mid: string,
/**
 * Audio or video.
 */
kind: "audio" | "video", };

/**
 * What the server measured on one client's transport.
 */
export type StatsReport = {
/**
 * Round-trip time in milliseconds, where known.
 */
rtt_ms: number | null,
/**
 * Loss from the client to the server, 0 to 1.
 */
loss_up: number,
/**
 * Loss from the server to the client, 0 to 1.
 */
loss_down: number,
/**
 * Bytes that arrived from the client.
 */
bytes_in: number,
/**
 * Bytes sent to the client.
 */
bytes_out: number,
/**
 * How the media path is sealed and carried, e.g. `AEAD_AES_256_GCM udp`.
 */
protocol: string | null,
/**
 * What each filled slot receives.
 */
slots: Array<SlotReport>, };

/**
 * What one slot receives.
 */
export type SlotReport = {
/**
 * The slot's media section.
 */
mid: string,
/**
 * What fills it.
 */
publication: string | null,
/**
 * The encoding, counted from the smallest.
 */
encoding: number | null,
/**
 * The one that its tile could show if the line carried everything, counted so too.
 */
wished: number | null,
/**
 * Packets forwarded into it, retransmissions aside.
 */
packets: number,
/**
 * Retransmissions that the client asked for and got.
 */
retransmitted: number, };

/**
 * Why a connection is closed, and with it what the client should do.
 */
export type CloseReason = "left" | "replaced" | "removed" | "room_closed" | "server_stopping" | "abuse" | "too_slow" | "idle";

/**
 * What went wrong. The code is stable; the texts tell the person what to do next.
 */
export type ErrorCode = "malformed" | "unsupported_version" | "not_joined" | "already_joined" | "unauthorized" | "forbidden" | "session_gone" | "bad_offer" | "not_found" | "codec_unsupported" | "seat_full" | "too_many" | "limit_reached" | "rate_limited" | "too_large" | "unavailable" | "precondition_failed" | "precondition_required" | "unsupported_media_type" | "method_not_allowed" | "request_timeout" | "invitation_unknown" | "invitation_early" | "invitation_expired" | "invitation_used" | "password_wrong" | "locked" | "sms_wrong" | "sms_expired" | "sms_too_soon" | "sms_limit" | "another_step" | "interview_deleted" | "not_in_room" | "candidate_not_waiting" | "candidate_out" | "hosts_only" | "candidate_entered" | "phone_missing" | "stage_begun" | "criteria_used" | "questions_asked" | "questions_drawn" | "drawn_before" | "draw_over" | "draw_too_late" | "draw_list_changed" | "draw_seed_lost" | "nothing_to_draw" | "drawn_twice" | "interview_entered" | "id_taken" | "examiner_scored" | "candidate_current" | "interview_over" | "nobody_waits" | "nobody_current" | "cannot_defer" | "not_deferred" | "no_talk_here" | "own_turn" | "no_word_here" | "no_screen_here" | "slides_not_pdf" | "no_slides_here" | "slides_not_asked" | "identity_passed" | "staff_check_off" | "staff_check_not_asked" | "picture_not_seen" | "not_at_checks" | "not_out" | "confirm_closed" | "interview_open" | "helm_held" | "candidates_changed" | "import_old" | "rehearsal" | "rehearsal_late" | "rehearsal_open" | "rehearsal_over" | "no_second_camera" | "face_terms_changed" | "face_check_elsewhere" | "last_administrator" | "pairing_over" | "face_not_offered" | "consent_missing" | "pledge_changed" | "face_unavailable" | "picture_invalid" | "photo_unfit" | "not_your_seat" | "candidate_unknown" | "not_confirmed" | "scores_incomplete" | "scores_out_of_bounds" | "scores_submitted" | "scores_locked" | "result_missing" | "nobody_here" | "not_current" | "no_clock" | "result_not_interviewed" | "result_sheets_missing" | "result_in_session" | "result_confirmed" | "result_not_confirmed" | "results_changed" | "chair_only" | "papers_closed" | "papers_too_large" | "paper_kind" | "slides_missing" | "text_empty" | "text_too_long" | "sms_text_refused" | "phone_invalid" | "import_refused" | "sign_in_failed" | "account_exists" | "name_invalid" | "password_weak" | "setup_invalid" | "store_unavailable" | "internal";
