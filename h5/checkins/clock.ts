import { keepWord } from '../core/keep.ts'

/** The server's time as this page last knew it, and this page's own clock that nobody can set. */
const KEPT = 'zuji.serverAt'

/** Names this opening of the page: its monotonic clock means nothing to another one. */
export const RUN = `${Date.now()}-${Math.round(performance.now() * 1000)}`

let known: { at: number; mono: number } | null = null

/** Notes the server's time from an answer that came just now. */
export function noteServer(at: number): void {
  known = { at, mono: performance.now() }
  keepWord(KEPT, String(at))
}

/** The server's clock shows this or more by now; undefined when it was never heard. */
export function serverAtLeast(): number | undefined {
  if (known !== null) return Math.round(known.at + performance.now() - known.mono)
  const kept = Number(localStorage.getItem(KEPT))
  return kept > 0 ? kept : undefined
}

const DEVICE = 'zuji.device'
let device: string | null = null // where the browser keeps no name, this page has one

/** This phone's own random name: it tells phones apart and says nothing else. */
export function deviceName(newId: () => string): string {
  device ??= localStorage.getItem(DEVICE)
  if (device !== null) return device
  device = newId()
  keepWord(DEVICE, device)
  return device
}
