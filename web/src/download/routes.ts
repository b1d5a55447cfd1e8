// Where the pages stand that stand in the place of downloads.
import type { RouteRecordRaw } from 'vue-router'

export const downloadRoutes: RouteRecordRaw[] = [
  { path: '/download', component: () => import('./DownloadPage.vue'), props: { device: 'desktop' } },
  { path: '/download-mobile', component: () => import('./DownloadPage.vue'), props: { device: 'phone' } },
]
