// Where the staff's start page stands.
import type { RouteRecordRaw } from 'vue-router'
import { withTexts } from '../i18n'

export const staffRoutes: RouteRecordRaw[] = [
  { path: '/seats', component: withTexts(() => import('./SeatsPage.vue'), 'staff', 'signin') },
  // Where older links and bookmarks lead.
  { path: '/staff', redirect: '/seats' },
]
