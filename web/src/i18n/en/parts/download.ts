// What the download pages say, in English.
export { download } from '../download'
