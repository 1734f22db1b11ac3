import type { Queue } from './ports.ts'

/** What this needs of `localStorage`: it may be there where the queue's store can not be opened. */
export interface Marks {
  getItem(key: string): string | null
  setItem(key: string, word: string): void
  removeItem(key: string): void
}

/** The queue of one person on this phone, which may have to be emptied first. */
export interface Place {
  personId: string
  open: () => Promise<Queue>
  marks: Marks
}

const markOf = (personId: string) => `zuji.report.emptying.${personId}`
const due = new Set<string>() // for this page, where the browser keeps no mark either

/** Whether what waited on this phone must still be deleted: consent was withdrawn while its store was closed. */
export function isDue({ personId, marks }: Pick<Place, 'personId' | 'marks'>): boolean {
  if (due.has(personId)) return true
  try {
    return marks.getItem(markOf(personId)) !== null
  } catch {
    return false
  }
}

/**
 * Deletes what waits on this phone. Marked before the try, so that a page which is killed does it next time.
 * @returns whether it is gone; if not, it goes before anything of it can be sent
 */
export async function emptied(place: Place): Promise<boolean> {
  mark(place)
  const queue = await openClean(place)
  queue?.close()
  return queue !== null
}

/** @returns the queue with nothing in it that should be gone; null when it can not be had so */
export async function openClean({ personId, open, marks }: Place): Promise<Queue | null> {
  const queue = await open().catch(() => null)
  if (queue === null || !isDue({ personId, marks })) return queue
  try {
    await queue.clear()
    unmark({ personId, marks })
    return queue
  } catch {
    queue.close()
    return null
  }
}

function mark({ personId, marks }: Place): void {
  due.add(personId)
  try {
    marks.setItem(markOf(personId), 'due')
  } catch {
    // this page knows; its person is told that what waits could not be deleted
  }
}

function unmark({ personId, marks }: Pick<Place, 'personId' | 'marks'>): void {
  due.delete(personId)
  try {
    marks.removeItem(markOf(personId))
  } catch {
    // emptied once more next time
  }
}
