import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { exportMaker, writeExport } from '../attendance/index.ts'
import { Month } from '../contract/closing.ts'
import { ExportInput } from '../contract/exports.ts'
import type { Config } from '../core/config.ts'
import { Fault } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { createKit } from '../kit.ts'
import { provenVisits } from '../proven.ts'
import { createVisits } from '../visits/index.ts'
import type { Command } from './arguments.ts'
import { withDatabase } from './database.ts'

const USAGE =
  'export attendance --month YYYY-MM --out FILE.xlsx|FILE.csv [--layout wecom] [--department ID]'

/**
 * `export attendance`: the file HR gets from the page, for whoever runs the server; prints where it is and how many
 * people it holds. The file is there as a whole or not at all.
 */
export async function exportCommand(
  config: Config,
  log: Log,
  root: string,
  command: Command,
): Promise<void> {
  const { month, input, out } = wantedOf(command)
  const orgId = config.wecom?.corpId ?? 'demo'
  const draft = `${out}.part`
  try {
    const people = await withDatabase(config, log, root, async (db) => {
      const kit = createKit({ db, config, log })
      const means = { db, visits: provenVisits(createVisits(kit, orgId)), now: kit.clock.now }
      const asked = { orgId, departments: 'all', month, department: input.department } as const
      let written = 0
      const order = { asked, input, madeBy: 'zuji export' }
      await writeExport(exportMaker(means), order, createWriteStream(draft), async (done) => void (written = done)) // prettier-ignore
      return written
    })
    await rename(draft, out)
    console.log(`${out}  ${month}  ${people} people`)
  } finally {
    await rm(draft, { force: true })
  }
}

function wantedOf({ rest: [what], month, out, layout, department }: Command) {
  if (what !== 'attendance' || !month || !out) throw new Fault('bad_input', USAGE)
  const format = /\.(xlsx|csv)$/i.exec(out)?.[1]?.toLowerCase()
  if (!format) throw new Fault('bad_input', `--out ${out}: must end with .xlsx or .csv`)
  const named = Month.safeParse(month)
  if (!named.success) throw new Fault('bad_input', `--month ${month}: must be a month YYYY-MM`)
  const input = ExportInput.safeParse({ format, layout, department })
  if (!input.success) throw new Fault('bad_input', `--layout ${layout}: must be zuji or wecom`)
  return { month: named.data, input: input.data, out }
}
