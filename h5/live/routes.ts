import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/live',
    name: 'live',
    component: () => import('./LivePage.vue'),
    meta: {
      words: ['live', 'alerts', 'questions', 'customers', 'map', 'tracks', 'people'],
      tab: { roles: ['supervisor'], order: 10, icon: 'live' },
    },
  },
]
