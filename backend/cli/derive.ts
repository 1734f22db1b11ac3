import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { deriveDay, toWgs84, type DatumName, type TrackFix } from '../../geo/index.ts'
import { Day } from '../contract/days.ts'
import { Fix, Silence } from '../contract/fixes.ts'
import { Datum } from '../contract/terms.ts'
import { Fault } from '../core/errors.ts'
import { thinned } from '../tracks/index.ts'
import type { Command } from './arguments.ts'
import { answerLines } from './lines.ts'

/** A moment of the years 1 to 9999: a date that can be written. */
const Moment = Silence.shape.from.pipe(z.number().min(-62_135_596_800_000).max(253_402_300_799_999))

const Site = z.object({
  customerId: z.string().min(1),
  name: z.string().optional(),
  lng: Fix.shape.lng,
  lat: Fix.shape.lat,
  datum: Datum.default('wgs84'),
  radius: z.coerce.number().positive().max(100_000), // metres
})

const Zone = z.string().refine(isZone, 'must be an IANA time zone, such as Asia/Shanghai')

/** The id of a fix may be any text here, or left out: then equal fixes are one. */
const CaseFix = Fix.extend({ id: z.string().min(1).optional() })

/** A day's facts as people who check us write them: fixes and silences as `POST /api/v1/fixes` takes them. */
const Case = z.object({
  id: z.union([z.string(), z.number()], { error: 'must be text or a number' }),
  zone: Zone,
  duty: z
    .object({ from: Moment, to: Moment })
    .refine(({ from, to }) => to > from, { path: ['to'], message: 'must be after from' }),
  fixes: z.array(CaseFix),
  silences: z.array(Silence.omit({ id: true })).optional(),
  sites: z.array(Site).optional(),
  intentions: z
    .array(z.object({ madeAt: Moment, customerIds: z.array(z.string()).max(1000) }))
    .max(1000)
    .optional(),
})

/** `zuji derive FILE`: a case a line in, its day as `GET …/days/:date` shows it a line out. No database. */
export async function deriveCommand({ rest: [file] }: Command): Promise<void> {
  if (!file)
    throw new Fault('bad_input', 'zuji derive FILE: a file of cases, or - for standard input')
  await answerLines(file, dayOfLine)
}

/** @throws SyntaxError, or ZodError when the case is not as it must be. */
function dayOfLine(line: string): string {
  const {
    id,
    zone,
    duty,
    fixes,
    silences = [],
    sites = [],
    intentions,
  } = Case.parse(JSON.parse(line))
  const date = dateOf(duty.from, zone)
  const day = deriveDay({
    date,
    zone,
    duty: [duty],
    fixes: fixes.map(trackFixOf),
    silences,
    sites: sites.map(siteOf),
    intentions,
  })
  return JSON.stringify({ id, ...Day.parse(thinned(day, undefined)) })
}

const dateOf = (at: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString()

function isZone(zone: string): boolean {
  try {
    return dateOf(0, zone) !== ''
  } catch {
    return false
  }
}

const trackFixOf = (fix: z.infer<typeof CaseFix>): TrackFix => ({
  id: fix.id?.toLowerCase() ?? `${fix.at}/${fix.lng}/${fix.lat}/${fix.accuracy}`,
  at: fix.at,
  ...placeOf(fix, fix.datum),
  accuracy: fix.accuracy ?? null,
  speed: fix.speed ?? null,
  mock: fix.mock ?? null,
})

const siteOf = ({ name, datum, ...site }: z.infer<typeof Site>) => ({
  ...site,
  ...placeOf(site, datum),
  ...(name === undefined ? {} : { name }),
})

function placeOf({ lng, lat }: { lng: number; lat: number }, datum: DatumName) {
  const [east, north] = toWgs84([lng, lat], datum)
  return { lng: east, lat: north }
}
