/** How the worker answers a request: not at all, from the kept files first, or from the network first. */
export type Way = 'pass' | 'asset' | 'page'

export interface Wanted {
  method: string
  mode: string // of the Request; `navigate` when a page is opened or reloaded
  url: string // absolute
}

const OF_THE_SERVER = [
  'api',
  'auth',
  'wecom',
  'wecom-sim',
  'socket.io',
  'ingest',
  'metrics',
  'healthz',
  'readyz',
  'v',
  'r',
  'print',
]
const PREFIX = 'zuji-'

/** Which way a request goes. @param origin of the worker, as in `https://zuji.example` */
export function wayOf({ method, mode, url }: Wanted, origin: string): Way {
  const asked = new URL(url)
  if (method !== 'GET' || asked.origin !== origin) return 'pass'
  const [first = ''] = asked.pathname.slice(1).split('/')
  if (first === 'assets') return 'asset'
  if (mode !== 'navigate' || OF_THE_SERVER.includes(first)) return 'pass'
  return isFile(asked.pathname) ? 'pass' : 'page'
}

/** A proxy in front of a server that is off answers for it; that is no page either. */
export function isNoAnswer(status: number): boolean {
  return status >= 502 && status <= 504
}

/** The name under which the files of one build are kept. */
export function cacheOf(version: string): string {
  return PREFIX + version
}

/** Whether a cache of this page's origin holds the files of a build. */
export const isBuild = (name: string) => name.startsWith(PREFIX)

/**
 * Which kept builds to throw away. The last one before the current stays: a page that was open
 * during a deployment still loads its own parts.
 * @param names of all caches, oldest first
 */
export function outdated(names: readonly string[], version: string): string[] {
  const others = names.filter((name) => isBuild(name) && name !== cacheOf(version))
  return others.slice(0, -1)
}

/** Routes of the app have no extension. */
function isFile(pathname: string): boolean {
  const last = pathname.slice(pathname.lastIndexOf('/') + 1)
  return last.includes('.') && last !== 'index.html'
}
