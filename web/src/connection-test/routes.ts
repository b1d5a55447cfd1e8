// Where the connection test is.
import type { RouteRecordRaw } from 'vue-router'
import { withTexts } from '../i18n'

export const connectionTestRoutes: RouteRecordRaw[] = [
  {
    path: '/connection-test',
    component: withTexts(() => import('./TestPage.vue'), 'connectionTest', 'room'),
  },
]
