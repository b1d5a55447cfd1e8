// What the page of a second camera says, in English.
export { rehearsal } from '../rehearsal'
export { secondCamera } from '../second-camera'
