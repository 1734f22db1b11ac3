import type { RouteRecordRaw } from 'vue-router'

const words = ['customers', 'map']

export const routes: RouteRecordRaw[] = [
  {
    path: '/customers',
    name: 'customers',
    component: () => import('./CustomersPage.vue'),
    meta: {
      words,
      tab: { roles: ['rep', 'supervisor', 'hr', 'admin'], order: 20, icon: 'shop' },
    },
  },
  {
    path: '/customers/new',
    name: 'customer-new',
    component: () => import('./EditPage.vue'),
    meta: { words, under: 'customers', writes: true },
  },
  {
    path: '/customers/import',
    name: 'customers-import',
    component: () => import('./ImportPage.vue'),
    meta: { words: [...words, 'jobs', 'customerImport'], under: 'customers' },
  },
  {
    path: '/customers/transfers',
    name: 'customers-transfers',
    component: () => import('./TransferPage.vue'),
    meta: { words, under: 'customers' },
  },
  {
    path: '/customers/settings',
    name: 'customers-settings',
    component: () => import('./SettingsPage.vue'),
    meta: { words: ['customerSettings'], under: 'customers' },
  },
  {
    path: '/customers/proposals',
    name: 'customers-proposals',
    component: () => import('./ProposalsPage.vue'),
    meta: { words: ['customerSettings', 'map'], under: 'customers' },
  },
  {
    path: '/customers/:id',
    name: 'customer',
    component: () => import('./CustomerPage.vue'),
    props: true,
    meta: { words: [...words, 'visits', 'sales'], under: 'customers' },
  },
  {
    path: '/customers/:id/edit',
    name: 'customer-edit',
    component: () => import('./EditPage.vue'),
    props: true,
    meta: { words, under: 'customers', writes: true },
  },
  {
    path: '/workplaces',
    name: 'workplaces',
    component: () => import('./WorkplacesPage.vue'),
    meta: { words, tab: { roles: ['admin', 'hr'], order: 50, icon: 'pin' } },
  },
]
