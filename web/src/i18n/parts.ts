// The texts of each language, in the parts that pages need: each is fetched with the first page that says it.
import type { Locale } from './locale'

const zh = {
  start: () => import('./zh-CN/parts/start'),
  room: () => import('./zh-CN/parts/room'),
  candidate: () => import('./zh-CN/parts/candidate'),
  staff: () => import('./zh-CN/parts/staff'),
  office: () => import('./zh-CN/parts/office'),
  signin: () => import('./zh-CN/parts/signin'),
  download: () => import('./zh-CN/parts/download'),
  connectionTest: () => import('./zh-CN/parts/connection-test'),
  secondCamera: () => import('./zh-CN/parts/second-camera'),
}

/** The same keys as in Chinese. */
const en: typeof zh = {
  start: () => import('./en/parts/start'),
  room: () => import('./en/parts/room'),
  candidate: () => import('./en/parts/candidate'),
  staff: () => import('./en/parts/staff'),
  office: () => import('./en/parts/office'),
  signin: () => import('./en/parts/signin'),
  download: () => import('./en/parts/download'),
  connectionTest: () => import('./en/parts/connection-test'),
  secondCamera: () => import('./en/parts/second-camera'),
}

export type Part = keyof typeof zh

export const PARTS: Readonly<Record<Locale, typeof zh>> = { 'zh-CN': zh, en }
