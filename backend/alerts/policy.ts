import { isAdmin, isSupervisor } from '../core/http/route.ts'

/** Alerts are for those who lead. */
export const canSeeAlerts = isSupervisor

/** Rules and territories are the company's. */
export const keepsRules = isAdmin
