// What the pages of examiners, hosts and patrol say, in Chinese.
export { identity } from '../identity'
export { papers } from '../papers'
export { staff } from '../staff'
