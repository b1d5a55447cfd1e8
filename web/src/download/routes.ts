// Where the download pages stand.
import type { RouteRecordRaw } from 'vue-router'

export const downloadRoutes: RouteRecordRaw[] = [
  { path: '/download', component: () => import('./DownloadPage.vue') },
  { path: '/download-mobile', component: () => import('./MobilePage.vue') },
]
