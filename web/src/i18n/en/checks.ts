// Texts of the checks of speaker, microphone and camera, in English.
import type { checks as zh } from '../zh-CN/checks'

export const checks: typeof zh = {
  hear: 'I can hear it',
  hearNot: 'I cannot hear it',
  see: 'I can see it',
  seeNot: 'I cannot see it',
  retry: 'Check again',
  hotline: 'Hot-line',
  adviceTitle: 'Please try this',
  adviceNone:
    'Change or reconnect the device, then press “Check again”. If that does not help, call the hot-line.',
  speaker: {
    title: 'Speaker check',
    lead: 'Music is playing for you. Adjust the volume and see whether you can hear it.',
    play: 'Play music',
    stop: 'Stop',
    playing: 'Music is playing…',
    press: 'Press “Play music” to start',
    choose: 'Choose a speaker',
    system: 'The sound comes from the system’s default device. Change it in the system settings.',
    hidden:
      'The sound comes from the system’s default device. Allow the microphone to choose another one here.',
    list: 'Show devices',
    lost: '“{name}” was unplugged; the sound comes from the default device. Plug it in again or choose another one.',
    failed: 'The chosen speaker cannot be used; the sound comes from the default device.',
  },
  microphone: {
    title: 'Microphone check',
    lead: 'Say a few words: they are recorded and played back. Can you hear yourself?',
    opening: 'Opening your microphone…',
    record: 'Record 3 seconds, play back',
    recording: 'Recording, please speak…',
    again: 'Record again',
    replay: 'Listen again',
    playing: 'Playing back…',
    live: 'Hear myself at once',
    liveHint: 'Put headphones on first, or it will howl.',
    choose: 'Choose a microphone',
    verdict: {
      listening: 'Say something: the bar should move with your voice.',
      quiet: 'There is no sound. Is the microphone muted, or another one in use?',
      weak: 'Your voice is faint. Come closer to the microphone and speak again.',
      heard: 'Your voice comes through.',
    },
  },
  camera: {
    title: 'Camera check',
    lead: 'Sit facing the camera. Can you see yourself?',
    choose: 'Choose a camera',
    verdict: {
      waiting: 'Checking the picture…',
      good: 'The picture is fine.',
      dark: 'The picture is dark. Turn on a light, or face the window.',
      black: 'The picture is black. Open the lens cover or check the camera’s switch.',
      frozen: 'The picture stands still. Reconnect the camera or choose another one.',
    },
  },
}
