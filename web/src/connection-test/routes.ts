// Where the connection test is.
import type { RouteRecordRaw } from 'vue-router'

export const connectionTestRoutes: RouteRecordRaw[] = [
  { path: '/connection-test', component: () => import('./TestPage.vue') },
]
