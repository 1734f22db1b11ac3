import { parseGpx } from '../../../geo/index.ts'
import { Fault } from '../../core/errors.ts'
import { isRec, parseRec } from './owntracksRec.ts'
import type { Recorded } from './recorded.ts'
import { isTraccar, parseTraccar } from './traccar.ts'

export type { Recorded, RecordedPoint } from './recorded.ts'

/** More points than a week of one a second on duty; a file of 10 MB has fewer. */
const MOST_POINTS = 200_000

/**
 * Positions out of a file, told by how it begins: GPX, an OwnTracks Recorder's `.rec`, Traccar's JSON or CSV.
 * @param device which of several devices of a Traccar export
 * @throws Fault `bad_input`, `too_large`
 */
export function readRecorded(text: string, device?: string): Recorded {
  const own = text.replace(/^\uFEFF/, '')
  const read = isRec(own) ? parseRec(own) : isTraccar(own) ? parseTraccar(own, device) : gpx(text)
  if (read.points.length > MOST_POINTS)
    throw new Fault('too_large', `the file has more than ${MOST_POINTS} positions`)
  return read
}

function gpx(text: string): Recorded {
  const parsed = parseGpx(text, { maxPoints: MOST_POINTS })
  if (!('error' in parsed)) return { ...parsed, wrong: [], source: 'gpx' }
  const { code, message } = parsed.error
  const tooMany = code === 'too_large' || code === 'too_many_points'
  throw new Fault(tooMany ? 'too_large' : 'bad_input', message, { code })
}
