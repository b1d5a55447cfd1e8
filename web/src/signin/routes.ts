// Where signing in happens.
import type { RouteRecordRaw } from 'vue-router'
import { withTexts } from '../i18n'

export const signinRoutes: RouteRecordRaw[] = [
  { path: '/signin', component: withTexts(() => import('./SignInPage.vue'), 'signin') },
  { path: '/signin/first', component: withTexts(() => import('./FirstPage.vue'), 'signin') },
  { path: '/signin/password', component: withTexts(() => import('./PasswordPage.vue'), 'signin') },
]
