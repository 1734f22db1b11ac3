import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/setup',
    name: 'setup',
    component: () => import('./SetupPage.vue'),
    meta: {
      words: ['firstSteps', 'jobs'],
      tab: { roles: ['admin'], order: 29, icon: 'flag' },
    },
  },
]
