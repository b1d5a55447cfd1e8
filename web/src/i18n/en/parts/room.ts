// What is said in a room, in English.
export * from '../room'
export { interview } from '../interview'
