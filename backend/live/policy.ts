import { isSupervisor } from '../core/http/route.ts'

/** The live map shows positions: supervisors only, never with a device's token. */
export const canWatch = isSupervisor
