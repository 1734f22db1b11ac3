import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/sales',
    name: 'sales',
    component: () => import('./SalesPage.vue'),
    meta: {
      words: ['sales'],
      under: { rep: 'customers' },
      tab: { roles: ['supervisor'], order: 70, icon: 'shop' },
    },
  },
]
