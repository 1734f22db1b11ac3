import type { RouteRecordRaw } from 'vue-router'

const words = ['payslip', 'attendanceHr']

export const routes: RouteRecordRaw[] = [
  {
    path: '/payslips',
    name: 'payslips',
    component: () => import('./PayslipsPage.vue'),
    meta: { words, under: 'me' },
  },
  {
    path: '/payslips/:month',
    name: 'payslip',
    component: () => import('./PayslipPage.vue'),
    meta: { words, under: 'me' },
    props: true,
  },
  {
    path: '/attendance/months/:month/confirm',
    name: 'month-confirm',
    component: () => import('./ConfirmPage.vue'),
    meta: { words, under: { rep: 'attendance' } },
    props: true,
  },
]
