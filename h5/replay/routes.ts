import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/replay',
    name: 'replay',
    component: () => import('./ReplayPage.vue'),
    meta: {
      words: ['replay', 'live', 'alerts', 'map'],
      tab: { roles: ['supervisor'], order: 25, icon: 'route' },
    },
  },
]
