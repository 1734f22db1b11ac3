import type { RouteRecordRaw } from 'vue-router'

const words = ['attendanceHr', 'attendance', 'hrFiles', 'faults']
const HR = ['hr', 'admin'] as const

export const routes: RouteRecordRaw[] = [
  {
    path: '/month',
    name: 'month',
    component: () => import('./month/MonthPage.vue'),
    meta: {
      words: [...words, 'reports'],
      tab: { roles: ['supervisor', 'hr', 'admin'], order: 40, icon: 'calendar' },
    },
  },
  {
    path: '/month/anomalies',
    name: 'month-anomalies',
    component: () => import('./month/AnomaliesPage.vue'),
    meta: { words, under: 'month' },
  },
  {
    path: '/month/changes',
    name: 'month-changes',
    component: () => import('./month/ChangesPage.vue'),
    meta: { words, under: 'month' },
  },
  {
    path: '/month/confirmations',
    name: 'month-words',
    component: () => import('./month/WordsPage.vue'),
    meta: { words, under: 'month' },
  },
  {
    path: '/hr/closing',
    name: 'closing-settings',
    component: () => import('./settings/ClosingPage.vue'),
    meta: { words: ['attendanceHr', 'hrSettings', 'faults'], under: 'month' },
  },
  {
    path: '/hr/roster',
    name: 'roster',
    component: () => import('./roster/RosterPage.vue'),
    meta: { words: [...words, 'hrRoster'], tab: { roles: HR, order: 50, icon: 'grid' } },
  },
  {
    path: '/hr/rules',
    name: 'rules',
    component: () => import('./rules/RulesPage.vue'),
    meta: { words: [...words, 'hrRules'], tab: { roles: HR, order: 60, icon: 'settings' } },
  },
  {
    path: '/hr/people',
    name: 'hr-people',
    component: () => import('./people/PeoplePage.vue'),
    meta: { words: [...words, 'hrPeople'], tab: { roles: HR, order: 65, icon: 'team' } },
  },
  {
    path: '/hr/calendar',
    name: 'calendar',
    component: () => import('./calendar/CalendarPage.vue'),
    meta: { words: [...words, 'hrRoster'], tab: { roles: HR, order: 70, icon: 'calendar' } },
  },
  {
    path: '/hr/payslips',
    name: 'payslips-hr',
    component: () => import('./pay/PayPage.vue'),
    meta: { words: [...words, 'payslip'], tab: { roles: ['hr'], order: 80, icon: 'chart' } },
  },
]
