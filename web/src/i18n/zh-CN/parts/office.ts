// What the pages of the administration say, in Chinese.
export { admin } from '../admin'
export { doctor } from '../doctor'
export { draws } from '../draws'
export { minutes } from '../minutes'
export { papers } from '../papers'
export { personal } from '../personal'
export { rehearsal } from '../rehearsal'
export { rules } from '../rules'
