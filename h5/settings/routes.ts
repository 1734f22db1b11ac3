import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/settings/contacts',
    name: 'contacts',
    component: () => import('./ContactsPage.vue'),
    meta: { words: ['contacts', 'people'] },
  },
  {
    path: '/settings/wecom',
    name: 'wecom-setup',
    component: () => import('./WecomPage.vue'),
    meta: { words: ['wecomSetup', 'contacts'] },
  },
]
