// Where the patrol's wall stands.
import type { RouteRecordRaw } from 'vue-router'
import { withTexts } from '../i18n'

export const patrolRoutes: RouteRecordRaw[] = [
  { path: '/patrol', component: withTexts(() => import('./PatrolPage.vue'), 'staff', 'room') },
]
