// The client package: all that a page needs to take part in a room. No framework in it.
export { backoff } from './backoff'
export { Client } from './client'
export type { ClientState, Ending } from './client-state'
export { type Device, type DeviceKind, findChoice, speakerId } from './devices'
export { ConnectionLost, Refused } from './envelope'
export { commandId } from './acts'
export { type ChatHistory, joined, NO_HISTORY } from './history'
export { watchLevel } from './level'
export {
  type Capture,
  type CaptureKind,
  type ChoiceMemory,
  LocalMedia,
  type LocalMediaState,
  type MediaProblem,
} from './media'
export type {
  ErrorCode,
  MediaWay,
  NetworkQuality,
  ParticipantState,
  PublicationState,
  StatsReport,
} from './protocol'
export type { SessionMemory } from './options'
export { pings } from './pings'
export { quality, worse } from './quality'
export { canShare, type ScreenState } from './screen'
export { isPaused, pictureQuality, type RoomState } from './state'
export type { Statistics, StreamStatistics } from './statistics'
export { Store } from './store'
export type { TileHandle } from './tiles'
export { readToken, type TokenClaims } from './token'
export { watchWorld } from './world'
