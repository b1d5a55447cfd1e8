// What the page of a second camera says, in English.
export { secondCamera } from '../second-camera'
