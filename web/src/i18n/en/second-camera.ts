// Texts of the page of a paired phone, in English.
import type { secondCamera as zh } from '../zh-CN/second-camera'

export const secondCamera: typeof zh = {
  title: 'Second camera',
  refused: 'This phone could not be connected',
  refusedText: 'Make a new QR code on the computer and scan it.',
  again: 'Connect again',
  replaced: 'Another phone is used now',
  replacedText: 'The camera of this phone is closed. You can close this page.',
  ended: 'The second camera has ended',
  endedText: 'The camera is closed. You can close this page.',
  place:
    'Lay the phone on its side behind and beside you, so that it shows you and your screen. Connect its charger, and stay on this page.',
  turn: 'Other camera',
  stop: 'Disconnect',
  status: {
    seen: 'The panel can see this picture now',
    ready: 'Connected. When it is your turn, the panel can see this picture',
    dark: 'Connected, but there is no picture. Open the camera',
    connecting: 'Connecting…',
    reconnecting: 'The connection was lost and is coming back…',
    unreachable: 'The server cannot be reached; trying again. Check the network',
  },
}
