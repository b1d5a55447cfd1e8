// Accounts from a table: the file to start from, and the passwords to hand out.
import type { MadeAccount } from './api'
import { listTemplate } from './list-template'

export const accountTemplate = () => listTemplate('姓名', '账号', '角色')

/** As table programs take it when it is pasted; what they would take for a formula is a text. */
export function passwordsText(made: readonly MadeAccount[]): string {
  const cell = (text: string) => (/^[=+\-@]/.test(text) ? `'${text}` : text).replace(/[\t\r\n]/g, ' ')
  return made
    .map(({ name, account, password = '' }) => [name, account, password].map(cell).join('\t'))
    .join('\n')
}
