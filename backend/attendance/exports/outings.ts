import type { Db } from '../../core/db.ts'
import { listFiled, type FiledCheckin } from '../../checkins/index.ts'
import { wgs84ToGcj02 } from '../../../geo/index.ts'
import { minuteAt } from '../clock.ts'
import type { PersonDates } from '../days/queries.ts'
import { momentOf } from './columns.ts'
import { listOdd, type ToldPunch } from './queries.ts'
import type { ExportDay, ExportPerson, Oddities, OutingPunch } from './source.ts'

export type FieldWork = Pick<ExportPerson, 'outings' | 'oddities'>

export const NO_FIELD_WORK: FieldWork = { outings: [], oddities: new Map() }

/** A punch on its work date, whoever took it. */
interface Dated {
  readonly date: string
  readonly outing: OutingPunch | null
  readonly oddPlace: boolean
  readonly oddDevice: boolean
}

/** What people did outside on their kept days, and what was odd about their punches. */
export async function fieldWorkOf(
  db: Db,
  asked: PersonDates,
  days: ReadonlyMap<string, readonly ExportDay[]>,
): Promise<Map<string, FieldWork>> {
  const own = await listFiled(db, asked)
  const told = await listOdd(db, asked)
  const work = new Map<string, FieldWork>()
  for (const [personId, mine] of days) {
    const dates = new Set(mine.map(({ date }) => date))
    const checkins = own.filter((each) => each.personId === personId && dates.has(each.date))
    const punches = toldOn(mine, told.filter((each) => each.personId === personId)) // prettier-ignore
    work.set(personId, summed([...checkins.map(datedCheckin), ...punches]))
  }
  return work
}

function summed(all: readonly Dated[]): FieldWork {
  const oddities = new Map<string, Oddities>()
  for (const { date, outing, oddPlace, oddDevice } of all) {
    const sum = oddities.get(date) ?? { outings: 0, place: 0, device: 0 }
    const place = sum.place + Number(oddPlace)
    const device = sum.device + Number(oddDevice)
    oddities.set(date, { outings: sum.outings + (outing ? 1 : 0), place, device })
  }
  const outings = all.flatMap(({ outing }) => (outing ? [outing] : []))
  return { outings: outings.sort((a, b) => (a.at < b.at ? -1 : 1)), oddities }
}

function datedCheckin(each: FiledCheckin): Dated {
  const { date, outing, oddPlace, oddDevice } = each
  return { date, outing: outing ? outingOf(each) : null, oddPlace, oddDevice }
}

const outingOf = (each: FiledCheckin): OutingPunch => ({
  at: withSeconds(momentOf(each, minuteAt(each.at, each.zone, each.date)), each.at),
  place: each.place,
  address: each.address ?? pairOf(each),
  note: each.note,
  photos: each.photos,
  device: each.device,
})

/** Where there is no address: the place as WeCom's maps have it (GCJ-02), latitude first. */
function pairOf({ lng, lat }: FiledCheckin): string | null {
  if (lng === null || lat === null) return null
  const [x, y] = wgs84ToGcj02([lng, lat])
  return `${y.toFixed(6)},${x.toFixed(6)}`
}

/** WeCom's own punches stand on the days that took them up. */
function toldOn(days: readonly ExportDay[], told: readonly ToldPunch[]): Dated[] {
  const byId = new Map(told.map((each) => [each.id, each]))
  return days.flatMap((day) =>
    day.punches.flatMap(({ id = '', at }) => {
      const punch = byId.get(id)
      return punch ? [datedPunch(day, at, punch)] : []
    }),
  )
}

function datedPunch({ date }: ExportDay, minute: number, punch: ToldPunch): Dated {
  const { place, address, note, photos } = punch
  const at = withSeconds(momentOf({ date }, minute), punch.at)
  const odd = punch.odd ?? []
  return {
    date,
    outing: punch.outing ? { at, place, address, note, photos, device: null } : null,
    oddPlace: odd.includes('地点异常'),
    oddDevice: odd.includes('非常用设备'),
  }
}

const withSeconds = (moment: string | null, at: number) =>
  `${moment ?? ''}:${String(Math.floor(at / 1000) % 60).padStart(2, '0')}`
