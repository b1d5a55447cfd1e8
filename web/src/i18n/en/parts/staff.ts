// What the pages of examiners, hosts and patrol say, in English.
export { draws } from '../draws'
export { identity } from '../identity'
export { papers } from '../papers'
export { rehearsal } from '../rehearsal'
export { staff } from '../staff'
