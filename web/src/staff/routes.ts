// Where the staff's start page stands.
import type { RouteRecordRaw } from 'vue-router'

export const staffRoutes: RouteRecordRaw[] = [
  { path: '/seats', component: () => import('./SeatsPage.vue') },
  // Where older links and bookmarks lead.
  { path: '/staff', redirect: '/seats' },
]
