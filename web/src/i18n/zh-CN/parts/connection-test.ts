// What the connection test says, in Chinese.
export { connectionTest as connection_test } from '../connection-test'
