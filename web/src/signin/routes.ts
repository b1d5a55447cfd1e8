// Where signing in happens.
import type { RouteRecordRaw } from 'vue-router'

export const signinRoutes: RouteRecordRaw[] = [
  { path: '/signin', component: () => import('./SignInPage.vue') },
  { path: '/signin/first', component: () => import('./FirstPage.vue') },
  { path: '/signin/password', component: () => import('./PasswordPage.vue') },
]
