// What is said where the staff signs in, in Chinese.
export { signin } from '../signin'
