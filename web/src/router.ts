// Which page stands where.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { adminRoutes } from './admin/routes'
import { connectionTestRoutes } from './connection-test/routes'
import { candidateRoutes } from './candidate/routes'
import { downloadRoutes } from './download/routes'
import EntryPage from './entry/EntryPage.vue'
import { panelRoutes } from './panel/routes'
import { hostRoutes } from './host/routes'
import { withTexts } from './i18n'
import { patrolRoutes } from './patrol/routes'
import { secondCameraRoutes } from './second-camera/routes'
import { signinRoutes } from './signin/routes'
import { staffRoutes } from './staff/routes'

const routes: RouteRecordRaw[] = [
  { path: '/', component: EntryPage },
  { path: '/room', component: withTexts(() => import('./room/RoomPage.vue'), 'room') },
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
  { path: '/:rest(.*)', component: () => import('./entry/NowherePage.vue') },
]

// Pages with made-up people, to look at while developing; the build leaves them out.
if (import.meta.env.DEV) {
  routes.unshift(
    { path: '/stories', component: withTexts(() => import('./stories/StoryPage.vue'), 'room') },
    {
      path: '/stories/staff',
      component: withTexts(() => import('./stories/StaffStory.vue'), 'staff', 'room'),
    },
    {
      path: '/stories/candidate/:page',
      component: withTexts(() => import('./stories/CandidateStory.vue'), 'candidate', 'room'),
    },
  )
}

export const router = createRouter({ history: createWebHistory(), routes })

// The first page has a small style and few icons. The whole comes beside the parts of any other page, which waits for it.
const isFirst = (path: string) => path === '/'
const whole = () => import('./whole')
router.beforeEach(({ path }) => {
  if (!isFirst(path)) whole().catch(() => undefined)
})
router.beforeResolve(async ({ path }) => {
  if (!isFirst(path)) await whole()
})
