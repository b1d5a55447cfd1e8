// What the page of a second camera says, in Chinese.
export { secondCamera } from '../second-camera'
