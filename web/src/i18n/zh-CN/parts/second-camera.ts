// What the page of a second camera says, in Chinese.
export { rehearsal } from '../rehearsal'
export { secondCamera } from '../second-camera'
