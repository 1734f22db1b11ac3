/** Of those who have seen the first cards on this device; the server keeps no preferences of a person. */
export const SEEN_KEY = 'zuji.first'

/** Whether somebody has gone through, or skipped, the first cards on this device. */
export const hasSeen = (personId: string): boolean => seen().includes(personId)

/** They are not shown to him here again by themselves. */
export function markSeen(personId: string): void {
  if (!hasSeen(personId)) localStorage.setItem(SEEN_KEY, JSON.stringify([...seen(), personId]))
}

function seen(): unknown[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(SEEN_KEY) ?? '[]')
    return Array.isArray(kept) ? kept : []
  } catch {
    return [] // somebody else wrote there
  }
}
