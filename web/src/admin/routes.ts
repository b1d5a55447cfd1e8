// Where administration happens.
import type { RouteRecordRaw } from 'vue-router'
import { withTexts } from '../i18n'

export const adminRoutes: RouteRecordRaw[] = [
  {
    path: '/admin',
    component: withTexts(() => import('./AdminFrame.vue'), 'office', 'signin'),
    children: [
      { path: '', component: () => import('./InterviewsPage.vue') },
      { path: 'interviews/new', component: () => import('./NewInterviewPage.vue') },
      {
        path: 'interviews/:id',
        component: () => import('./InterviewPage.vue'),
        children: [
          { path: '', component: () => import('./GeneralTab.vue') },
          { path: 'panel', component: () => import('./PanelTab.vue') },
          { path: 'candidates', component: () => import('./CandidatesTab.vue') },
          { path: 'draws', component: () => import('./DrawsTab.vue') },
          { path: 'rehearsal', component: () => import('./RehearsalTab.vue') },
          { path: 'export', component: () => import('./ExportTab.vue') },
        ],
      },
      { path: 'outbox', component: () => import('./OutboxPage.vue') },
      { path: 'people', component: () => import('./PeoplePage.vue') },
      { path: 'accounts', component: () => import('./AccountsPage.vue') },
      { path: 'settings', component: () => import('./SettingsPage.vue') },
    ],
  },
  {
    path: '/admin/interviews/:id/sheet',
    component: withTexts(() => import('./SheetPage.vue'), 'office', 'signin'),
  },
  {
    path: '/admin/interviews/:id/minutes',
    component: withTexts(() => import('./MinutesPage.vue'), 'office', 'signin', 'candidate', 'room'),
  },
]
