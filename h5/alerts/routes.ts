import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/alerts',
    name: 'alerts',
    component: () => import('./AlertsPage.vue'),
    meta: { words: ['alerts', 'map'], tab: { roles: ['supervisor'], order: 15, icon: 'bell' } },
  },
  {
    path: '/alerts/digest',
    name: 'alert-digest',
    component: () => import('./DigestPage.vue'),
    meta: { words: ['alerts'], under: 'alerts' },
  },
  {
    path: '/settings/alerts',
    name: 'alert-rules',
    component: () => import('./RulesPage.vue'),
    meta: { words: ['alerts', 'alertRules'], tab: { roles: ['admin'], order: 37, icon: 'bell' } },
  },
  {
    path: '/settings/territories',
    name: 'territories',
    component: () => import('./TerritoriesPage.vue'),
    meta: { words: ['territories', 'map'], tab: { roles: ['admin'], order: 38, icon: 'route' } },
  },
  {
    path: '/settings/webhooks',
    name: 'webhooks',
    component: () => import('./webhooks/WebhooksPage.vue'),
    meta: { words: ['webhooks', 'alerts'], tab: { roles: ['admin'], order: 39, icon: 'upload' } },
  },
  {
    path: '/sos',
    name: 'sos',
    component: () => import('./SosPage.vue'),
    meta: { words: ['sos'], under: 'me' },
  },
]
