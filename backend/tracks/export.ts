import { clean, toCsv, toGeoJson, toGpx, toKml } from '../../geo/index.ts'
import type { Day, TrackFormat } from '../contract/days.ts'
import type { Db } from '../core/db.ts'
import { loadDutyOn } from '../people/index.ts'
import { spanOf } from './derive.ts'
import { listRawFixes, type DayKey } from './queries.ts'

type Source = Parameters<typeof toGpx>[0]

const WRITERS: Record<TrackFormat, { type: string; write: typeof toGpx }> = {
  gpx: { type: 'application/gpx+xml; charset=utf-8', write: toGpx },
  kml: { type: 'application/vnd.google-earth.kml+xml; charset=utf-8', write: toKml },
  geojson: { type: 'application/geo+json; charset=utf-8', write: toGeoJson },
  csv: { type: 'text/csv; charset=utf-8', write: toCsv },
}

/** A day as a file. @param source the day, or its fixes as `rawTrack` has them */
export function trackFile(source: Source, format: TrackFormat, person: { name: string }) {
  const { type, write } = WRITERS[format]
  const words = ['足迹', person.name, source.date, ...('fixes' in source ? ['raw'] : [])]
  const name = words.join('-').replace(/[\p{C}\\/:*?"<>|]/gu, '_')
  return { type, name: `${name}.${format}`, content: write(source, { person: person.name }) }
}

/** The fixes of a day as they were reported, with what cleaning thinks of them. */
export async function rawTrack(db: Db, key: DayKey, { date, zone }: Pick<Day, 'date' | 'zone'>) {
  const windows = await loadDutyOn(db, key.orgId, key.personId, key.date)
  const fixes = windows.length > 0 ? await listRawFixes(db, key, spanOf(windows)) : []
  const altitudes = new Map(fixes.map(({ id, altitude }) => [id, altitude]))
  const flagged = clean(fixes).map(({ fix, flags }) => ({
    ...fix,
    altitude: altitudes.get(fix.id),
    flags,
  }))
  return { date, zone, fixes: flagged }
}
