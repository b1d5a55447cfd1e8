// Where the examiner's page stands.
import type { RouteRecordRaw } from 'vue-router'
import { withTexts } from '../i18n'

export const panelRoutes: RouteRecordRaw[] = [
  { path: '/examiner/:seat', component: withTexts(() => import('./ExaminerPage.vue'), 'staff', 'room') },
]
