// A room: its tiles, controls, devices and ends, in English.
import type * as zh from '../zh-CN/room'

export const green: typeof zh.green = {
  title: 'Before you enter',
  as: 'You enter as {name}',
  nameless: 'The others will see your name once you are in',
  preview: 'Preview of your picture',
  cameraOff: 'Your camera is off',
  opening: 'Opening your camera…',
  level: 'Microphone level',
  speakHint: 'Say something: the green bar should move with your voice.',
  enter: 'Enter room',
  without: 'You can enter without camera or microphone, but the others will not see or hear you.',
  watchOnly: 'You enter as an observer: you watch and listen.',
  retry: 'Check again',
  noToken: 'This link is not complete',
  noTokenNext: 'Open the whole link from your message again, or paste it on the start page.',
  home: 'Go to the start page',
}

export const devices: typeof zh.devices = {
  camera: 'Camera',
  microphone: 'Microphone',
  speaker: 'Speaker',
  none: 'No device found',
  automatic: 'System default',
  unnamed: 'Device {number}',
}

export const problem: typeof zh.problem = {
  camera: {
    denied: 'The browser may not use your camera',
    missing: 'No camera was found',
    busy: 'Another program is using your camera',
    insecure: 'This page cannot use your camera',
    failed: 'Your camera could not be opened',
  },
  microphone: {
    denied: 'The browser may not use your microphone',
    missing: 'No microphone was found',
    busy: 'Another program is using your microphone',
    insecure: 'This page cannot use your microphone',
    failed: 'Your microphone could not be opened',
  },
  replaced: '{kind} “{before}” was unplugged; “{now}” is used instead.',
  speakerLost: 'Speaker “{name}” was unplugged; the sound comes from the default device.',
  unheard: 'The others cannot see or hear you now.',
  next: {
    denied: 'Click the icon left of the address, set the permission to “Allow”, then press “Check again”.',
    missing: 'Plug it in: it is used as soon as it is there.',
    busy: 'Close the program that uses it (another meeting, say), then press “Check again”.',
    insecure: 'Use the https link, and open it in the system’s own browser.',
    failed: 'Unplug it and plug it in again, or restart the browser, then try again.',
  },
}

export const call: typeof zh.call = {
  entering: 'Entering the room…',
  unreachable: 'The server cannot be reached, trying again. Check your network.',
  reconnecting: 'Connection lost, reconnecting…',
  mediaLost: 'Sound and picture are interrupted, restoring…',
  alone: 'You are in. Please wait for the others.',
  people: '{count} in the room',
  controls: 'Call controls',
  tiles: 'Participants',
  micOn: 'Turn microphone on',
  micOff: 'Turn microphone off',
  cameraOn: 'Turn camera on',
  cameraOff: 'Turn camera off',
  share: 'Share screen',
  shareOff: 'Stop sharing',
  sharing: 'You are sharing your screen. All who may see it do.',
  shareFailed:
    'The screen could not be shared. Check that your system lets the browser record it, then try again.',
  settings: 'Settings',
  statistics: 'Statistics',
  more: 'More',
  micHushed: 'Turn microphone off (muted by the staff)',
  hushed: 'The staff has muted you: the others cannot hear you now.',
  word: {
    microphone: 'Mic',
    muted: 'Muted',
    camera: 'Camera',
    cameraOff: 'Off',
    share: 'Share',
    shareOff: 'Stop',
  },
  full: 'Full screen',
  fullOff: 'Leave full screen',
  leave: 'Leave',
  enableSound: 'The browser is holding back the sound. Click to enable sound',
}

export const tile: typeof zh.tile = {
  you: '{name} (you)',
  me: 'You',
  screen: '{name}’s screen',
  muted: 'muted',
  speaking: 'speaking',
  pin: 'Enlarge {name}',
  unpin: 'Return {name} to the grid',
  picture: 'Picture in picture',
  lost: 'Their network is interrupted, waiting…',
  away: 'Network lost',
  unplayable: 'Your browser cannot play this picture. Try another browser.',
  unplayableShort: 'Cannot be played here',
  paused: 'Weak connection: picture paused',
  reduced: {
    fair: 'Your connection is fair: picture reduced',
    poor: 'Your connection is weak: picture much reduced',
  },
}

export const quality: typeof zh.quality = {
  unknown: 'Network: not measured',
  good: 'Network: good',
  fair: 'Network: fair',
  poor: 'Network: poor',
  lost: 'Network: interrupted',
}

export const way: typeof zh.way = {
  with: '{quality}, media by {way}',
  udp: 'UDP',
  tcp: 'TCP',
  turn_udp: 'TURN (UDP)',
  turn_tcp: 'TURN (TCP)',
  turn_tls: 'TURN (TLS)',
}

export const leaving: typeof zh.leaving = {
  title: 'Leave the room?',
  text: 'You can enter again with the same link.',
  stay: 'Stay',
  leave: 'Leave',
}

export const statistics: typeof zh.statistics = {
  title: 'Statistics',
  roundTrip: 'Round trip',
  loss: 'Loss (up / down)',
  bitrate: 'Bitrate (up / down)',
  cipher: 'Encryption',
  protocol: 'Transport',
  sent: 'Sent',
  received: 'Received',
  unknown: '—',
}

export const ended: typeof zh.ended = {
  title: {
    left: 'You have left the room',
    replaced: 'You entered on another device or window',
    removed: 'You were asked to leave the room',
    room_closed: 'The interview is over',
    stopped: 'The connection was closed',
  },
  next: {
    left: 'Thank you for coming. To return, press “Enter again”.',
    replaced: 'A seat can be used in one place only. To continue here, press “Enter again”.',
    removed: 'If you have a question, contact the staff.',
    room_closed: 'The room is closed. You can close this page.',
    stopped: 'Wait a moment, then press “Enter again”.',
  },
  error: 'You could not enter the room',
  again: 'Enter again',
  detail: 'Error code',
}

export const news: typeof zh.news = {
  joined: '{name} entered',
  left: '{name} left',
  interrupted: '{name} lost the network',
  returned: '{name} is back',
  reconnecting: 'Connection lost, reconnecting',
  reconnected: 'Reconnected',
  paused: 'Weak connection: pictures are paused, the sound goes on',
}
