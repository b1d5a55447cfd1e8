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
  speaker: {
    title: 'Speaker check',
    lead: 'Music is playing for you. Adjust the volume and see whether you can hear it.',
    leadStill: 'Play some music, adjust the volume and see whether you can hear it.',
    before: 'First play it for a moment',
    blocked: 'The browser did not start the music by itself. Press “Play music”.',
    mute: 'No sound came out. Check volume and speaker and press “Play music” again; if it still does not play, press “I cannot hear it” for advice.',
    advice:
      '1. Turn up the volume of system and device; make sure that nothing is muted.\n2. Unplug headphones that you do not use, or disconnect a Bluetooth speaker; headphones in use must be plugged in and switched on.\n3. Choose another speaker in the list below, or in the system settings.\nThen press “Check again”. If you still hear nothing, call the hot-line.',
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
    before: 'First record and listen to it',
    blocked: 'The browser did not play it back by itself. Press “Listen again”.',
    failed:
      'The recording could not be played. Check volume and speaker and press “Listen again”; if it still does not play, press “I cannot hear it” for advice.',
    advice:
      '1. Allow the microphone at the left of the browser’s address bar; on a phone, in the system settings too.\n2. Check the mute switch of the microphone or headset, and the input volume of the system.\n3. Choose another microphone in the list below, come closer and record again.\n4. The bar moves, yet you hear nothing played back: check the volume of the speaker.\nThen press “Check again”. If that does not help, call the hot-line.',
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
    choose: 'Choose a device',
    advice:
      '1. Allow the camera at the left of the browser’s address bar; on a phone, in the system settings too.\n2. Close other programs that use the camera (video calls, the camera app).\n3. Open the shutter or the camera’s switch, and wipe the lens.\n4. Choose another device in the list below, or reconnect the camera.\nThen press “Check again”. If you still see nothing, call the hot-line.',
    verdict: {
      waiting: 'Checking the picture…',
      good: 'The picture is fine.',
      dark: 'The picture is dark. Turn on a light, or face the window.',
      black: 'The picture is black. Open the lens cover or check the camera’s switch.',
      frozen: 'The picture stands still. Reconnect the camera or choose another one.',
    },
  },
}
