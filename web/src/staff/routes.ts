// Where the staff's start page stands.
import type { RouteRecordRaw } from 'vue-router'

export const staffRoutes: RouteRecordRaw[] = [{ path: '/staff', component: () => import('./StaffPage.vue') }]
