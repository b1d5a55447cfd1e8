// Which page stands where.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { adminRoutes } from './admin/routes'
import { connectionTestRoutes } from './connection-test/routes'
import { candidateRoutes } from './candidate/routes'
import { downloadRoutes } from './download/routes'
import EntryPage from './entry/EntryPage.vue'
import NowherePage from './entry/NowherePage.vue'
import { panelRoutes } from './panel/routes'
import { hostRoutes } from './host/routes'
import { patrolRoutes } from './patrol/routes'
import RoomPage from './room/RoomPage.vue'
import { secondCameraRoutes } from './second-camera/routes'
import { signinRoutes } from './signin/routes'
import { staffRoutes } from './staff/routes'

const routes: RouteRecordRaw[] = [
  { path: '/', component: EntryPage },
  { path: '/room', component: RoomPage },
  ...signinRoutes,
  ...adminRoutes,
  ...connectionTestRoutes,
  ...downloadRoutes,
  ...staffRoutes,
  ...panelRoutes,
  ...hostRoutes,
  ...patrolRoutes,
  ...candidateRoutes,
  ...secondCameraRoutes,
  { path: '/:rest(.*)', component: NowherePage },
]

// Pages with made-up people, to look at while developing; the build leaves them out.
if (import.meta.env.DEV) {
  routes.unshift(
    { path: '/stories', component: () => import('./stories/StoryPage.vue') },
    { path: '/stories/staff', component: () => import('./stories/StaffStory.vue') },
    { path: '/stories/candidate/:page', component: () => import('./stories/CandidateStory.vue') },
  )
}

export const router = createRouter({ history: createWebHistory(), routes })
