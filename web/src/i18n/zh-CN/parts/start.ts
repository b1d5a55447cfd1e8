// What the first page says, and what any page may, in Chinese.
export { settings } from '../appearance'
export * from '../entry'
export { forms } from '../forms'
