// The connection test, in English.
import type { connectionTest as zh } from '../zh-CN/connection-test'

export const connectionTest: typeof zh = {
  title: 'Connection test',
  intro:
    'Run this once before the day, with the computer or phone and the network that you will use then. It takes half a minute: a test picture is sent for a moment, and your camera and microphone are asked for. Nothing is recorded or kept.',
  start: 'Start the test',
  stop: 'Stop',
  again: 'Test again',
  running: 'Testing…',
  music: 'Play music',
  quiet: 'Stop the music',
  copy: 'Copy the report',
  copied: 'Copied',
  notCopied: 'The browser does not allow copying. Select the text above and copy it by hand.',
  report: 'Report',
  reportText:
    'If you need assistance, send this to the staff or to whoever keeps your network. It holds neither your name nor your address.',
  picture: 'The test picture as the server sends it back',
  step: {
    socket: 'Connection to the server',
    udp: 'Media over UDP',
    tcp: 'Media over TCP',
    turn: 'Media by TURN',
    bitrate: 'Bitrate up and down',
    camera: 'Camera',
    microphone: 'Microphone',
    speaker: 'Speaker',
  },
  what: {
    socket: 'Round trip of the WebSocket',
    udp: 'The best way, with the least delay',
    tcp: 'The way through strict networks',
    turn: 'The way where only pages get through: beside them',
    bitrate: 'A test picture through the server and back',
    camera: 'Can it be opened?',
    microphone: 'Can it be opened?',
    speaker: 'Which are there?',
  },
  mark: {
    good: 'Good',
    fair: 'Usable',
    bad: 'Failed',
  },
  verdict: {
    good: 'You can take part',
    fair: 'You can take part, but something could be better',
    bad: 'An interview would not work from here now',
  },
  verdictText: {
    good: 'Network and devices are fine. Use the same ones on the day.',
    fair: 'Please try what is said below, then test again.',
    bad: 'Please do what is said below, then test again. If it still fails, send the report to the staff.',
  },
  advice: {
    socket:
      'The server cannot be reached. Check the network, switch off any proxy or VPN, or use a phone’s hotspot.',
    media:
      'No way for sound and picture gets through. Use another network, such as a phone’s hotspot, or ask your network’s keeper to open the media port of this server.',
    udp: 'The network blocks UDP, so TCP is used: interviews work, but the picture may stall on a bad line. Use another network, or ask its keeper to let UDP through.',
    turn: 'The network lets only pages through, so sound and picture go by TURN: interviews work, with a little more delay. If you can, ask the network’s keeper to let UDP through.',
    rate: 'The line is slow. Move closer to the router or use a cable, and stop downloads and other videos.',
    line: 'Loss or delay is high, so sound may break up. Use a cable or a steadier network.',
    camera:
      'The camera cannot be used. Plug it in, close other programs that use it, and allow it left of the address.',
    microphone:
      'The microphone cannot be used. Plug it in, close other programs that use it, and allow it left of the address.',
    speaker:
      'No speaker is listed. Some browsers list none: press “Play music” to make sure that you hear it.',
  },
}
