// What the connection test says, in English.
export { connectionTest as connection_test } from '../connection-test'
