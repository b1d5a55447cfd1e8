// Where the page of a paired phone stands.
import type { RouteRecordRaw } from 'vue-router'

export const secondCameraRoutes: RouteRecordRaw[] = [
  { path: '/second', component: () => import('./SecondCameraPage.vue') },
]
