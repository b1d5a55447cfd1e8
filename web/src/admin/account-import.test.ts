// Tests of accounts from a table.
import { expect, test } from 'vitest'
import { accountTemplate, passwordsText } from './account-import'

test('the file to start from opens in Excel with its heads', async () => {
  const bytes = new Uint8Array(await accountTemplate().arrayBuffer())
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  expect(new TextDecoder().decode(bytes)).toBe('姓名,账号,角色\r\n')
})

test('passwords are pasted as a table, and nothing in it runs as a formula', () => {
  const made = [
    { name: '张三', account: 'zhang', administrator: false, password: 'abcde-fghij' },
    { name: '=1+1\tx', account: '@li', administrator: true, password: 'klmno' },
  ]
  expect(passwordsText(made)).toBe("张三\tzhang\tabcde-fghij\n'=1+1 x\t'@li\tklmno")
})
