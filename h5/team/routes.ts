import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/team/day/:date?',
    name: 'team-day',
    component: () => import('./TeamDayPage.vue'),
    props: true,
    meta: { words: ['team', 'reports'], under: { supervisor: 'team' } },
  },
]
