import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/tracks',
    name: 'tracks',
    component: () => import('./TracksPage.vue'),
    meta: {
      words: ['trackEdits', 'tracks', 'map', 'customers', 'trackFiles', 'reports'],
      tab: { roles: ['rep'], order: 30, icon: 'track' },
    },
  },
  {
    path: '/people/:id/days/:date',
    name: 'day',
    component: () => import('./DayPage.vue'),
    props: true,
    meta: {
      words: ['trackEdits', 'tracks', 'map', 'customers', 'trackFiles', 'reports'],
      under: { rep: 'tracks', supervisor: 'team' },
    },
  },
]
