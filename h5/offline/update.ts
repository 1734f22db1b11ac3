import { readonly, shallowRef } from 'vue'
import { z } from 'zod'

/** What a worker says to every open page when it takes over: the files of its build. */
const Took = z.object({ took: z.array(z.string()) })

/** What this needs of `navigator.serviceWorker`. */
export interface Workers {
  addEventListener(type: 'message', heard: (event: { data: unknown }) => void): void
}

/**
 * Whether a page is of another build than the worker that took over. A page that brought its own worker
 * along (the first visit, or one that was opened after a deployment) is of the same.
 * @param scripts addresses of the page's own scripts; each build names them anew
 * @param took paths of the worker's files
 */
export function isOtherBuild(scripts: readonly string[], took: readonly string[]): boolean {
  const own = scripts.map((script) => new URL(script).pathname)
  return own.some((path) => path.startsWith('/assets/') && !took.includes(path))
}

/** Tells, each time that a worker takes over, whether it brings another build than the page's. */
export function hearBuilds(
  workers: Workers,
  scripts: readonly string[],
  heard: (isOther: boolean) => void,
): void {
  workers.addEventListener('message', ({ data }) => {
    const said = Took.safeParse(data)
    if (said.success) heard(isOtherBuild(scripts, said.data.took))
  })
}

const waits = shallowRef(false)

/** Whether a new build waits for this page to be reloaded. */
export const newBuild = readonly(waits)

/** Listens from the start, before any worker of a new build can speak. */
export function awaitBuilds(workers: Workers): void {
  const scripts = [...document.scripts].filter(({ type, src }) => type === 'module' && src !== '')
  hearBuilds(
    workers,
    scripts.map(({ src }) => src),
    (isOther) => (waits.value = isOther),
  )
}
