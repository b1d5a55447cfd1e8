// What a candidate's pages say, in English.
export { candidate } from '../candidate'
export { checks } from '../checks'
export { face } from '../face'
export { papers } from '../papers'
export { rehearsal } from '../rehearsal'
