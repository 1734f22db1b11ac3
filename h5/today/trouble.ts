import type { App } from '../report/app.ts'
import type { Report } from '../report/engine.ts'
import type { Trouble, Unkept } from '../report/ports.ts'

/** What hinders, and the one thing to do about it: keys of the message files. */
export interface Explained {
  urgent: boolean // something is not recorded, or may be lost
  why: string
  mend: string
}

/** Where to look for a switch differs from system to system. */
const BY_SYSTEM: ReadonlySet<Trouble> = new Set<Trouble>(['no_permission', 'gps_off'])

/**
 * What a rep is told of the source of positions: that there is none, or that a lesser one steps in.
 * Null when all is well. The sentences name the app ({app}) and this page's host ({host}).
 */
export function explained(
  report: Pick<Report, 'trouble' | 'instead'> | null,
  app: App,
): Explained | null {
  if (report === null) return null
  const trouble = report.trouble ?? report.instead
  if (trouble === null) return null
  const mend = BY_SYSTEM.has(trouble) ? `${trouble}_${app.system}` : trouble
  return {
    urgent: report.trouble !== null,
    why: `today.trouble.${trouble}`,
    mend: `today.mend.${mend}`,
  }
}

/** What a rep is told of a phone that can not keep positions, whatever else hinders; null when it keeps them. */
export function explainedUnkept(unkept: Unkept | null): Explained | null {
  if (unkept === null) return null
  const { why, dropped } = unkept
  const mend = dropped > 0 ? 'dropped' : why
  return { urgent: true, why: `today.unkept.${why}`, mend: `today.unkeptMend.${mend}` }
}
