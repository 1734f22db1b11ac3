import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/checkin',
    name: 'checkin',
    component: () => import('./CheckinPage.vue'),
    meta: { words: ['checkins', 'map'], under: 'today', writes: true },
  },
  {
    path: '/checkins',
    name: 'my-checkins',
    component: () => import('./MyCheckinsPage.vue'),
    meta: { words: ['checkins'], under: 'today' },
  },
  {
    path: '/checkins/:personId/:id',
    name: 'checkin-detail',
    component: () => import('./DetailPage.vue'),
    props: true,
    meta: { words: ['checkins', 'map'], under: { rep: 'today', supervisor: 'reviews' } },
  },
  {
    path: '/reviews',
    name: 'reviews',
    component: () => import('./ReviewsPage.vue'),
    meta: {
      words: ['checkins'],
      tab: { roles: ['supervisor'], order: 35, icon: 'shield' },
    },
  },
  {
    path: '/settings/checkins',
    name: 'checkin-rules',
    component: () => import('./RulesPage.vue'),
    meta: { words: ['checkinRules'], tab: { roles: ['admin'], order: 35, icon: 'tick' } },
  },
]
