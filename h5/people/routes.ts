import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/team',
    name: 'team',
    component: () => import('./TeamPage.vue'),
    meta: { words: ['people', 'live'], tab: { roles: ['supervisor'], order: 20, icon: 'team' } },
  },
  {
    path: '/people/:id/erasure',
    name: 'erasure',
    component: () => import('./ErasurePage.vue'),
    props: true,
    meta: { words: ['erasure'], under: { admin: 'hr-people' } },
  },
]
