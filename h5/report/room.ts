import { isBuild } from '../offline/routing.ts'

/** How much a phone may keep of this page; older web views know less of it or nothing. */
export interface Storing {
  persisted?: () => Promise<boolean>
  persist?: () => Promise<boolean>
}

/**
 * Asks the browser not to clear what this page keeps when the phone gets full. A no is no fault: then it may.
 * @returns the browser's answer, null where it can not be asked
 */
export async function askToStay(storage: Storing | undefined): Promise<boolean | null> {
  if (!storage?.persist) return null
  try {
    if (await storage.persisted?.()) return true
    return await storage.persist()
  } catch {
    return null
  }
}

/** Firefox has a name of its own; whoever aborts a write that nobody took back had no room either. */
const FULL = new Set(['QuotaExceededError', 'NS_ERROR_DOM_QUOTA_REACHED', 'AbortError'])

/** Whether a write failed because the phone, or the browser's share of it, is full. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return FULL.has(error.name) || /quota|disk ?full|no (disk )?space/i.test(error.message)
}

/** What this needs of `caches`. */
export interface Builds {
  keys(): Promise<string[]>
  open(name: string): Promise<{ match(path: string): Promise<unknown> }>
  delete(name: string): Promise<unknown>
}

/**
 * Drops the files of builds that are neither the last one nor this page's own: positions count more.
 * @param own path of a script of this page
 */
export async function dropOldBuilds(builds: Builds | undefined, own: string): Promise<void> {
  if (!builds) return
  const names = (await builds.keys()).filter(isBuild)
  for (const name of names.slice(0, -1)) {
    const isOwn = await (await builds.open(name)).match(own)
    if (!isOwn) await builds.delete(name)
  }
}

/** What a full phone gives up first: files of builds that nobody opens any more. */
export async function makeRoom(): Promise<void> {
  const own = [...document.scripts].find(({ type, src }) => type === 'module' && src !== '')
  if ('caches' in globalThis) await dropOldBuilds(caches, own?.src ?? '/')
}

/** Does something that the phone keeps; on a full one, once more when room was made. @throws what the last try says */
export async function withRoom<T>(act: () => Promise<T>, room: () => Promise<void>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!isFull(error)) throw error
    await room().catch(() => undefined)
    return act()
  }
}
