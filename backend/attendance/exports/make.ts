import type { Writable } from 'node:stream'
import type { ExportInput } from '../../contract/exports.ts'
import type { Db } from '../../core/db.ts'
import { wallClock } from '../../core/sheets/write.ts'
import { writeCsv, CSV_TYPE } from '../../core/sheets/writeCsv.ts'
import { writeXlsxAtOnce, XLSX_TYPE } from '../../core/sheets/writeXlsx.ts'
import { loadStanding } from '../closing/queries.ts'
import { aboutSheet, dailySheet, monthSheets, type PersonSheet, type Wanted } from './sheets.ts'
import type { About, Asked, OpenedMonth, OpenMonth } from './source.ts'
import { findOrg } from './queries.ts'
import { wecomSheets } from './wecom.ts'
import { WORDS } from './words.ts'

export type ChainHead = (db: Db, orgId: string) => Promise<About['chain']>

export interface Maker {
  readonly db: Db
  readonly open: OpenMonth
  readonly chainHead: ChainHead
  readonly now: () => number
}

export interface ExportOrder {
  readonly asked: Asked
  readonly input: ExportInput
  readonly madeBy: string // name
}

/** The name a file is kept under, and its media type. */
export function fileOf({ asked, input }: Pick<ExportOrder, 'asked' | 'input'>) {
  const title = input.language === 'zh' ? '考勤' : 'attendance'
  const layout = input.layout === 'wecom' ? (input.language === 'zh' ? '-企业微信' : '-wecom') : ''
  const type = input.format === 'csv' ? CSV_TYPE : XLSX_TYPE
  return { name: `${title}-${asked.month}${layout}.${input.format}`, type }
}

/**
 * Makes the file of a month while its people are read; it is never held as a whole.
 * @param progress told how many people of how many are written
 */
export async function writeExport(
  maker: Maker,
  order: ExportOrder,
  sink: Writable,
  progress: (done: number, total: number) => Promise<void> = async () => {},
): Promise<void> {
  const { wanted, month } = await opened(maker, order)
  const { layout, format } = order.input
  const sheets = layout === 'wecom' ? wecomSheets(wanted) : monthSheets(wanted)
  const tell = (people: number) => progress(Math.min(people, month.people), month.people)
  if (format === 'csv') {
    const daily = layout === 'wecom' ? sheets[0] : dailySheet(wanted)
    if (daily) await writeCsv(sink, { ...daily.sheet, rows: rowsOf(daily, month, tell) })
    return
  }
  const first = layout === 'wecom' ? [] : [aboutSheet(wanted)]
  const batches = (async function* () {
    let done = 0
    for await (const people of month.read()) {
      for (const person of people) yield sheets.map(({ rowsOf }) => rowsOf(person))
      await tell((done += people.length))
    }
  })()
  // the days are the longest: the first of WeCom's sheets, the second of ours
  const longest = layout === 'wecom' ? 0 : 1
  await writeXlsxAtOnce(sink, { first, sheets: sheets.map(({ sheet }) => sheet), longest, batches })
}

async function* rowsOf(
  { rowsOf }: PersonSheet,
  month: OpenedMonth,
  tell: (people: number) => Promise<void>,
) {
  let done = 0
  for await (const people of month.read()) {
    yield people.flatMap(rowsOf)
    await tell((done += people.length))
  }
}

async function opened({ db, open, chainHead, now }: Maker, { asked, input, madeBy }: ExportOrder) {
  const month = await open({ ...asked, layout: input.layout })
  const { orgId } = asked
  const org = await findOrg(db, orgId)
  const standing = await loadStanding(db, orgId, asked.month, now())
  const wall = (at: number) => wallClock(at, org.zone, 'second')
  const about: About = {
    ...{ company: org.name, month: asked.month, zone: org.zone, department: month.department },
    ...{ search: asked.q ?? null, people: month.people, rules: month.rules },
    closing: standing.state,
    lockedAt: standing.lockedAt === null ? null : wall(standing.lockedAt),
    chain: await chainHead(db, orgId),
    madeAt: wall(now()),
    madeBy,
  }
  const wanted: Wanted = {
    ...{ about, days: month.days, leaveKinds: month.leaveKinds },
    words: WORDS[input.language],
    columns: input.columns ?? null,
  }
  return { wanted, month }
}
