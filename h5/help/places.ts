import type { GuideName } from './names.ts'

interface Place {
  guide: GuideName
  anchor: string
}
const rep = (anchor: string): Place => ({ guide: 'rep', anchor })
const supervisor = (anchor: string): Place => ({ guide: 'supervisor', anchor })
const hr = (anchor: string): Place => ({ guide: 'hr', anchor })
const admin = (anchor: string): Place => ({ guide: 'admin', anchor })

/** Where a page is explained, by the name of its route: a guide and the anchor in it. */
export const PLACES: Record<string, Place> = {
  today: rep('report'),
  checkin: rep('check-in'),
  'my-checkins': rep('offline'),
  plan: rep('plan'),
  visit: rep('visit'),
  tracks: rep('my-day'),
  attendance: rep('attendance'),
  requests: rep('requests'),
  'request-new': rep('requests'),
  'month-confirm': rep('confirm-month'),
  payslips: rep('payslip'),
  payslip: rep('payslip'),
  sos: rep('sos'),
  live: supervisor('live'),
  replay: supervisor('replay'),
  day: supervisor('replay'),
  alerts: supervisor('alerts'),
  'alert-digest': supervisor('alerts'),
  reviews: supervisor('reviews'),
  'checkin-detail': supervisor('reviews'),
  team: supervisor('team-day'),
  'team-day': supervisor('team-day'),
  approvals: supervisor('approvals'),
  delegations: supervisor('approvals'),
  'visit-calendar': supervisor('plans'),
  coverage: supervisor('plans'),
  announcements: supervisor('announcements'),
  month: hr('month'),
  'month-anomalies': hr('month'),
  'month-changes': hr('lock'),
  'month-words': hr('confirmations'),
  'closing-settings': hr('lock'),
  roster: hr('roster'),
  calendar: hr('roster'),
  rules: hr('rules'),
  'hr-people': hr('people'),
  'payslips-hr': hr('payslips'),
  'approval-flow': hr('approvals'),
  'leave-settings': hr('approvals'),
  setup: admin('try'),
  contacts: admin('contacts'),
  'wecom-setup': admin('wecom'),
  'customers-import': admin('customers'),
  'checkin-rules': admin('checkins'),
  'alert-rules': admin('alerts'),
  territories: admin('alerts'),
  webhooks: admin('webhooks'),
  erasure: admin('leavers'),
}
