import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/',
    name: 'today',
    component: () => import('./TodayPage.vue'),
    meta: {
      words: ['me', 'today', 'tracks', 'map', 'visits'],
      tab: { roles: ['rep'], order: 10, icon: 'pin' },
    },
  },
]
