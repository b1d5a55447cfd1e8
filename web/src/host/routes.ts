// Where the host's page stands.
import type { RouteRecordRaw } from 'vue-router'

export const hostRoutes: RouteRecordRaw[] = [
  { path: '/host/:seat', component: () => import('./HostPage.vue') },
]
