import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/announcements',
    name: 'announcements',
    component: () => import('./AnnouncementsPage.vue'),
    meta: { words: ['company'], under: 'me' },
  },
  {
    path: '/announcements/:id',
    name: 'announcement',
    component: () => import('./AnnouncementPage.vue'),
    props: true,
    meta: { words: ['company'], under: 'me' },
  },
  {
    path: '/announcements/:id/receipts',
    name: 'announcement-receipts',
    component: () => import('./ReceiptsPage.vue'),
    props: true,
    meta: { words: ['company'], under: 'me' },
  },
  {
    path: '/colleagues',
    name: 'colleagues',
    component: () => import('./ColleaguesPage.vue'),
    meta: { words: ['company'], under: 'me' },
  },
]
