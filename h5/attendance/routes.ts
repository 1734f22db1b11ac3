import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/attendance',
    name: 'attendance',
    component: () => import('./AttendancePage.vue'),
    meta: {
      words: ['attendance'],
      tab: { roles: ['rep'], order: 40, icon: 'calendar' },
    },
  },
]
