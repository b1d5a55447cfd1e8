// Where the candidate's pages stand.
import type { RouteRecordRaw } from 'vue-router'
import { withTexts } from '../i18n'

export const candidateRoutes: RouteRecordRaw[] = [
  // The link of the SMS; the code behind # never reaches a server's log.
  { path: '/i', redirect: ({ hash }) => ({ path: '/candidate/invitation', hash }) },
  {
    path: '/candidate/:page?',
    component: withTexts(() => import('./CandidatePage.vue'), 'candidate', 'room'),
  },
]
