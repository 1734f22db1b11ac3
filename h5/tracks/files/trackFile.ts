import { TrackImport, type TrackFormat } from '../../../backend/contract/days.ts'
import { call, callForFile } from '../../core/api.ts'
import type { WhichDay } from '../day/useDay.ts'

const TYPE: Record<TrackFormat, string> = {
  gpx: 'application/gpx+xml',
  kml: 'application/vnd.google-earth.kml+xml',
  geojson: 'application/geo+json',
  csv: 'text/csv',
}

/** Where a day's track is had as a file. */
export function trackPath({ personId, date }: WhichDay, format: TrackFormat, raw: boolean): string {
  const path = `/api/v1/people/${encodeURIComponent(personId)}/days/${date}/track.${format}`
  return raw ? `${path}?raw=1` : path
}

/** A file name that says whose, which day and which of the two. */
export function trackName({ personId, date }: WhichDay, format: TrackFormat, raw: boolean): string {
  return `zuji-${personId}-${date}${raw ? '-raw' : ''}.${format}`
}

/**
 * A day's track, whole before it is offered: a file that breaks off half-way is worse than none.
 * @throws CallFailed
 */
export async function trackFile(which: WhichDay, format: TrackFormat, raw: boolean): Promise<File> {
  const content = await callForFile(trackPath(which, format, raw), { timeoutMs: 60_000 })
  return new File([content], trackName(which, format, raw), { type: TYPE[format] })
}

/** Hands a file to the phone's share sheet where there is one, else downloads it. */
export async function offerFile(file: File): Promise<void> {
  const touch = matchMedia('(pointer: coarse)').matches
  if (touch && 'canShare' in navigator && navigator.canShare({ files: [file] })) {
    await navigator.share({ files: [file] }).catch(unlessCancelled)
    return
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = file.name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

function unlessCancelled(error: unknown): void {
  if (!(error instanceof DOMException && error.name === 'AbortError')) throw error
}

/** What the server takes at once. */
export const MOST_BYTES = 10_000_000

/**
 * Sends a recorded track. With `dryRun` the answer only says what would happen.
 * @throws CallFailed
 */
export function importTrack(personId: string, gpx: Blob, dryRun: boolean): Promise<TrackImport> {
  return call(TrackImport, `/api/v1/people/${encodeURIComponent(personId)}/days/import`, {
    file: new Blob([gpx], { type: TYPE.gpx }),
    query: { dryRun: dryRun ? '1' : undefined },
    timeoutMs: 60_000,
  })
}
