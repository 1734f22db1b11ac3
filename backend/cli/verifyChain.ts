import { verifyChain, type Break } from '../checkins/index.ts'
import type { Config } from '../core/config.ts'
import type { Log } from '../core/log.ts'
import type { Command } from './arguments.ts'
import { withDatabase } from './database.ts'

/**
 * Follows the chain of check-ins and says whether it holds; a break is named, and the process ends
 * with 1. With `--from DATE --to DATE` the days of arrival between them.
 */
export async function verifyChainCommand(
  config: Config,
  log: Log,
  root: string,
  command: Command,
): Promise<void> {
  const orgId = config.wecom?.corpId ?? 'demo'
  const { from = '0001-01-01', to = '9999-12-31' } = command
  const { days, links, erased, broken, head } = await withDatabase(config, log, root, (db) =>
    verifyChain(db, orgId, { from, to }),
  )
  if (broken) {
    console.log(`BROKEN  ${sentenceOf(broken)}`)
    process.exitCode = 1
    return
  }
  const newest = head ? `, head ${head.date} #${head.seq} ${head.head}` : ''
  const gone = erased > 0 ? `, ${erased} of erased people` : ''
  console.log(`ok  ${days} days, ${links} check-ins${gone}${newest}`)
}

const WHAT: Record<Break['what'], string> = {
  changed: 'its content was changed',
  missing: 'it is gone',
  reordered: 'it does not follow the one before',
  extra: 'it was added past the head of its day',
  day_unlinked: 'the day does not follow the day before: links before it are gone or were changed',
}

/** `2026-11-23 #4 (check-in 0198…, rep07): its content was changed` */
export function sentenceOf({ date, seq, what, id, personId }: Break): string {
  const who = id === null ? '' : ` (check-in ${id}, ${personId ?? 'nobody'})`
  return `${date} #${seq}${who}: ${WHAT[what]}`
}
