// Where the host's page stands.
import type { RouteRecordRaw } from 'vue-router'
import { withTexts } from '../i18n'

export const hostRoutes: RouteRecordRaw[] = [
  { path: '/host/:seat', component: withTexts(() => import('./HostPage.vue'), 'staff', 'room') },
]
