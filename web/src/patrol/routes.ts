// Where the patrol's wall stands.
import type { RouteRecordRaw } from 'vue-router'

export const patrolRoutes: RouteRecordRaw[] = [
  { path: '/patrol', component: () => import('./PatrolPage.vue') },
]
