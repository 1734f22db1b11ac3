import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/team',
    name: 'team',
    component: () => import('./TeamPage.vue'),
    meta: { words: ['people', 'live'], tab: { roles: ['supervisor'], order: 20, icon: 'team' } },
  },
]
