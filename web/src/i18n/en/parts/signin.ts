// What is said where the staff signs in, in English.
export { signin } from '../signin'
