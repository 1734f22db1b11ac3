import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/me',
    name: 'me',
    component: () => import('./MePage.vue'),
    meta: {
      words: ['me', 'contacts', 'wecomSetup', 'today'],
      tab: { roles: ['rep', 'supervisor', 'hr', 'admin'], order: 99, icon: 'person' },
    },
  },
]
