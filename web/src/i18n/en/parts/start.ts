// What the first page says, and what any page may, in English.
export { settings } from '../appearance'
export * from '../entry'
export { forms } from '../forms'
