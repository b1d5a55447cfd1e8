// What is said in a room, in Chinese.
export * from '../room'
export { interview } from '../interview'
