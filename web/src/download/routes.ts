// Where the download pages stand.
import type { RouteRecordRaw } from 'vue-router'
import { withTexts } from '../i18n'

export const downloadRoutes: RouteRecordRaw[] = [
  { path: '/download', component: withTexts(() => import('./DownloadPage.vue'), 'download') },
  { path: '/download-mobile', component: withTexts(() => import('./MobilePage.vue'), 'download') },
]
