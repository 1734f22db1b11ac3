export interface Window {
  from: number
  to: number
}

/** The duty window that holds an instant, or null. Windows are half-open. */
export function windowAt(windows: readonly Window[], at: number): Window | null {
  return windows.find((window) => window.from <= at && at < window.to) ?? null
}

/** The next window that begins after an instant, or null when none is known. */
export function nextWindow(windows: readonly Window[], at: number): Window | null {
  const later = windows.filter((window) => window.from > at)
  return later.sort((a, b) => a.from - b.from)[0] ?? null
}

/** The parts of [from, to) that lie on duty; off duty nothing is said, not even that nothing was seen. */
export function onDuty(windows: readonly Window[], from: number, to: number): Window[] {
  return windows
    .map((window) => ({ from: Math.max(from, window.from), to: Math.min(to, window.to) }))
    .filter((part) => part.from < part.to)
}
