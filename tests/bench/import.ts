import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { connect } from '../../backend/core/connect.ts'
import { createLog } from '../../backend/core/log.ts'
import { migrate } from '../../backend/core/migrate.ts'
import { startCluster } from '../support/cluster.ts'
import { seedPhones } from './ingestSeed.ts'
import { bundled, heard } from './serverProcess.ts'

export const printsTable = true

const SIZES = [10_000, 50_000, 100_000]
const RUNS = ['csv', 'xlsx'].flatMap((format) => SIZES.map((size) => ({ format, size })))
const Measured = z.object({
  checked: z.number(),
  taken: z.number(),
  again: z.number(),
  extraMb: z.number(),
  liveMb: z.number(),
  duplicateMs: z.number(),
})
type Measured = z.infer<typeof Measured>

const tenth = (value: number) => Math.round(value * 10) / 10

/**
 * Files of 10,000, 50,000 and 100,000 customers, CSV and XLSX, each by a process of its own into a company of its own:
 * seconds of the check, of the import and of the same import again, and the memory that all three took over
 * what the process had before: of the machine, and in use at a time without garbage. Then the time that one
 * question for duplicates takes among those branches of one chain. Bars: 100,000 rows taken within 60 s, no
 * more memory in use for more rows, duplicates within 100 ms.
 */
export async function run(): Promise<Record<string, unknown>> {
  const cluster = await startCluster({ durable: true })
  const folder = await mkdtemp(path.join(tmpdir(), 'zuji-bench-'))
  try {
    const url = cluster.urlOf('postgres')
    const db = await connect({
      databaseUrl: url,
      dataDir: '',
      log: createLog('silent'),
      root: '',
    })
    await migrate(db)
    for (const { format, size } of RUNS) await seedPhones(db, format + size, 50)
    await db.close()
    const program = await bundled('importClient')
    const all: Measured[] = []
    for (const { format, size } of RUNS) {
      const child = fork(program, [url, folder, format + size, String(size), format], {
        execArgv: ['--expose-gc'],
      })
      all.push(await heard(child, Measured))
    }
    return resultOf(all)
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function resultOf(all: readonly Measured[]) {
  console.table(
    all.map((each, index) => ({
      ...RUNS[index],
      checkSeconds: tenth(each.checked),
      importSeconds: tenth(each.taken),
      againSeconds: tenth(each.again),
      extraMb: Math.round(each.extraMb),
      liveMb: tenth(each.liveMb),
      duplicateMs: Math.round(each.duplicateMs),
    })),
  )
  const [csv, xlsx] = [all.slice(0, SIZES.length), all.slice(SIZES.length)]
  return { rows: SIZES.at(-1), ...toldOf(csv), xlsx: toldOf(xlsx) }
}

function toldOf(all: readonly Measured[]) {
  const last = all.at(-1)
  return {
    checkSeconds: tenth(last?.checked ?? 0),
    importSeconds: tenth(last?.taken ?? 0),
    againSeconds: tenth(last?.again ?? 0),
    duplicateMs: Math.round(last?.duplicateMs ?? 0),
    liveMb: all.map(({ liveMb }) => Math.round(liveMb)),
    extraMb: all.map(({ extraMb }) => Math.round(extraMb)),
  }
}
