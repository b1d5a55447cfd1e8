// Where the examiner's page stands.
import type { RouteRecordRaw } from 'vue-router'

export const panelRoutes: RouteRecordRaw[] = [
  { path: '/examiner/:seat', component: () => import('./ExaminerPage.vue') },
]
