import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/settings/contacts',
    name: 'contacts',
    component: () => import('./ContactsPage.vue'),
    meta: { words: ['contacts', 'people'], tab: { roles: ['admin'], order: 30, icon: 'team' } },
  },
  {
    path: '/settings/api-keys',
    name: 'api-keys',
    component: () => import('./keys/ApiKeysPage.vue'),
    meta: { words: ['apiKeys'], tab: { roles: ['admin'], order: 39.5, icon: 'lock' } },
  },
  {
    path: '/settings/wecom',
    name: 'wecom-setup',
    component: () => import('./WecomPage.vue'),
    meta: {
      words: ['wecomSetup', 'contacts'],
      tab: { roles: ['admin'], order: 40, icon: 'settings' },
    },
  },
  {
    path: '/settings/wecom/checkin',
    name: 'checkin-bridge',
    component: () => import('./CheckinPage.vue'),
    meta: {
      words: ['checkinImport'],
      tab: { roles: ['admin'], order: 45, icon: 'calendar' },
    },
  },
]
