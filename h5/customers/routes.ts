import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/customers',
    name: 'customers',
    component: () => import('./CustomersPage.vue'),
    meta: { words: ['customers'], tab: { roles: ['rep'], order: 20, icon: 'shop' } },
  },
]
