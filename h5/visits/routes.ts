import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/plan/:date?',
    name: 'plan',
    component: () => import('./PlanPage.vue'),
    props: true,
    meta: { words: ['visits', 'plans'], under: { rep: 'today', supervisor: 'visit-calendar' } },
  },
  {
    path: '/visits/:id',
    name: 'visit',
    component: () => import('./VisitPage.vue'),
    props: true,
    meta: {
      words: ['visits', 'sales', 'checkins', 'reports', 'map'],
      under: { rep: 'today', supervisor: 'visit-calendar' },
    },
  },
  {
    path: '/calendar',
    name: 'visit-calendar',
    component: () => import('./CalendarPage.vue'),
    meta: {
      words: ['visits'],
      tab: { roles: ['supervisor'], order: 30, icon: 'calendar' },
    },
  },
  {
    path: '/coverage',
    name: 'coverage',
    component: () => import('./CoveragePage.vue'),
    meta: {
      words: ['visits', 'map'],
      tab: { roles: ['supervisor'], order: 60, icon: 'chart' },
    },
  },
]
