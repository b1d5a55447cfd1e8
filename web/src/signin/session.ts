// Who is signed in, for all pages of the staff in this tab.
import { readonly, ref, shallowRef } from 'vue'
import { Problem, staff } from '../interview/api'
import type { Session } from '../interview/types'

const current = shallowRef<Session | null>(null)
const gone = ref(false)

/** Null before it is known, and after signing out. */
export const session = readonly(current)

/** True when the server no longer knows the session while a page is open: what is on the page must not be lost. */
export const expired = readonly(gone)

/** Asks who is signed in; null for nobody. Throws when the server is not reached. */
export async function readSession(): Promise<Session | null> {
  try {
    current.value = await staff.session()
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error
    current.value = null
  }
  gone.value = false
  return current.value
}

export async function signIn(account: string, password: string): Promise<Session> {
  current.value = await staff.signIn(account, password)
  gone.value = false
  return current.value
}

/** Ends the session; one that the server has forgotten is ended all the same. */
export async function signOut(): Promise<void> {
  try {
    await staff.signOut()
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error
  }
  current.value = null
}

/** Lets the page ask to sign in again when an answer says that the session is gone. */
export async function watched<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Problem && error.code === 'unauthorized') gone.value = true
    throw error
  }
}
