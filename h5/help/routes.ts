import type { RouteRecordRaw } from 'vue-router'
import { TEXTS } from './names.ts'

const meta = {
  words: ['help'],
  open: true,
  under: { rep: 'me', supervisor: 'help', hr: 'help', admin: 'help' },
}

export const routes: RouteRecordRaw[] = [
  {
    path: '/help',
    name: 'help',
    component: () => import('./HelpPage.vue'),
    meta: { ...meta, tab: { roles: ['supervisor', 'hr', 'admin'], order: 98, icon: 'help' } },
  },
  {
    path: '/help/api',
    name: 'api-reference',
    component: () => import('./ApiPage.vue'),
    meta: { ...meta, words: ['help', 'apiReference'] },
  },
  {
    path: `/help/:guide(${TEXTS.join('|')})`,
    name: 'guide',
    component: () => import('./GuidePage.vue'),
    meta,
  },
]
