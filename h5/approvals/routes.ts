import type { RouteRecordRaw } from 'vue-router'

const UNDER = { rep: 'attendance', supervisor: 'approvals', hr: 'approvals', admin: 'me' }

export const routes: RouteRecordRaw[] = [
  {
    path: '/approvals',
    name: 'approvals',
    component: () => import('./ApprovalsPage.vue'),
    meta: { words: ['approvals'], tab: { roles: ['supervisor', 'hr'], order: 30, icon: 'tick' } },
  },
  {
    path: '/requests',
    name: 'requests',
    component: () => import('./MyRequestsPage.vue'),
    meta: { words: ['approvals'], under: { ...UNDER, supervisor: 'me', hr: 'me' } },
  },
  {
    path: '/requests/new/:kind(correction|leave|outing|trip|overtime)',
    name: 'request-new',
    component: () => import('./NewRequestPage.vue'),
    props: true,
    meta: {
      words: ['approvals', 'requestForm', 'faults'],
      under: { ...UNDER, supervisor: 'me', hr: 'me' },
      writes: true,
    },
  },
  {
    path: '/requests/:id',
    name: 'request',
    component: () => import('./RequestPage.vue'),
    props: true,
    meta: { words: ['approvals'], under: UNDER },
  },
  {
    path: '/delegations',
    name: 'delegations',
    component: () => import('./DelegationsPage.vue'),
    meta: { words: ['approvals', 'approvalSettings', 'faults'], under: UNDER },
  },
  {
    path: '/settings/approvals',
    name: 'approval-flow',
    component: () => import('./flow/FlowPage.vue'),
    meta: { words: ['approvals', 'approvalSettings', 'faults'], under: UNDER },
  },
  {
    path: '/settings/leave',
    name: 'leave-settings',
    component: () => import('./leave/LeavePage.vue'),
    meta: {
      words: ['approvals', 'approvalSettings', 'requestForm', 'attendanceHr', 'faults'],
      under: UNDER,
    },
  },
]
