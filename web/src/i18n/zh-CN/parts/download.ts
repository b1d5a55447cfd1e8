// What the download pages say, in Chinese.
export { download } from '../download'
