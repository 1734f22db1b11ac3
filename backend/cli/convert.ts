import { z } from 'zod'
import {
  bd09ToGcj02,
  gcj02ToBd09,
  toDatum,
  toWgs84,
  type DatumName,
  type Position,
} from '../../geo/index.ts'
import { Datum } from '../contract/terms.ts'
import { Fault } from '../core/errors.ts'
import type { Command } from './arguments.ts'
import { answerLines } from './lines.ts'

/** The two numbers by name, so that what is wrong names its field. */
const Pair = z
  .tuple([z.unknown(), z.unknown()], { error: 'must be [lng,lat]' })
  .transform(([lng, lat]) => ({ lng, lat }))
  .pipe(
    z.object({
      lng: z.number({ error: 'must be a finite number' }),
      lat: z.number({ error: 'must be a finite number' }),
    }),
  )

/**
 * `zuji convert --from D --to D [FILE]`: one [lng,lat] a line in and out, in full double precision. Every finite pair
 * has an answer: outside of the datums' region it is itself.
 */
export async function convertCommand({ rest: [file = '-'], ...command }: Command): Promise<void> {
  const [from, to] = [datumOf('from', command.from), datumOf('to', command.to)]
  await answerLines(file, (line) => {
    const { lng, lat } = Pair.parse(JSON.parse(line))
    return JSON.stringify(converted([lng, lat], from, to))
  })
}

function datumOf(option: string, value: string | undefined): DatumName {
  const datum = Datum.safeParse(value)
  if (datum.success) return datum.data
  throw new Fault('bad_input', `--${option}: one of ${Datum.options.join(', ')}`)
}

/** From datum to datum on the shortest way: GCJ-02 and BD-09 need no detour by WGS-84. */
function converted(
  [lng, lat]: Position<DatumName>,
  from: DatumName,
  to: DatumName,
): Position<DatumName> {
  if (from === to) return [lng, lat]
  if (from === 'gcj02' && to === 'bd09') return gcj02ToBd09([lng, lat])
  if (from === 'bd09' && to === 'gcj02') return bd09ToGcj02([lng, lat])
  return toDatum(toWgs84([lng, lat], from), to)
}
