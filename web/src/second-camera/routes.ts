// Where the page of a paired phone stands.
import type { RouteRecordRaw } from 'vue-router'
import { withTexts } from '../i18n'

export const secondCameraRoutes: RouteRecordRaw[] = [
  { path: '/second', component: withTexts(() => import('./SecondCameraPage.vue'), 'secondCamera', 'room') },
]
