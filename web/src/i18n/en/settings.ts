// The institution's settings, in English.
import type { settings as zh } from '../zh-CN/settings'

export const settings: typeof zh = {
  institution: 'Institution',
  institutionText: 'The name, logo and hot-line that candidates see on every page.',
  name: 'Name',
  hotline: 'Hot-line',
  hotlineHint: 'Shown where something goes wrong; a touch dials it.',
  hours: 'Hours',
  hoursHint: 'Shown behind the number, such as “weekdays 8:00–18:00”.',
  logo: 'Logo',
  addLogo: 'Upload a logo',
  newLogo: 'Change the logo',
  logoHint: 'PNG, JPEG, WebP or SVG; best a wide one on a transparent ground. It is made smaller by itself.',
  logoWrong: 'This picture cannot be read. Choose another one.',
  texts: 'Texts for candidates',
  textsText: 'Shown in the language of the candidate’s page.',
  empty: '{count} empty',
  text: {
    welcome: 'Welcome',
    privacy: 'Privacy',
    speaker_advice: 'Advice for the speaker check',
    microphone_advice: 'Advice for the microphone check',
    camera_advice: 'Advice for the camera check',
    farewell: 'Farewell',
  },
  hint: {
    welcome: 'On the page where the code is entered.',
    privacy: 'What is collected, what for, and for how long.',
    speaker_advice: 'After “I cannot hear it”.',
    microphone_advice: 'When they cannot hear themselves.',
    camera_advice: 'When they cannot see themselves.',
    farewell: 'When the interview is over.',
  },
  faces: {
    title: 'Comparison of faces',
    text: 'Where an interview uses the face check, this server compares the candidate’s face with the reference photo.',
    ready: 'It works.',
    missing: 'It does not work: candidates can be verified by SMS only. Pass this line on to your operators.',
  },
  retention: 'Retention',
  retentionText:
    'How many days after the last thing done in an interview its photos are deleted. Names, chat and SMS texts have times of their own in the server’s settings; scores stay.',
  days: 'Days kept',
  day: 'days',
  forGood: 'for good',
}
