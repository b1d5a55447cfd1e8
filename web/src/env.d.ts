// Types of what Vite serves, and of what the page leaves on the window.
/// <reference types="vite/client" />
import type { Client, Statistics } from './client'

declare global {
  interface Window {
    /** For looking into a running page, and for tests. */
    viva?: {
      readonly client: Client
      stats(): Promise<Statistics | null>
    }
  }
}
