import type { z } from 'zod'
import {
  createRouter,
  createWebHistory,
  type RouteLocationNormalized,
  type RouteRecordRaw,
} from 'vue-router'
import type { Role as RoleSchema } from '../backend/contract/terms.ts'
import { loadWords } from './core/i18n.ts'
import { useSession } from './core/session.ts'
import type { IconName } from './ui/icons.ts'

type Role = z.infer<typeof RoleSchema>

export interface Tab {
  roles: readonly Role[]
  order: number // on a phone the first four show, the others are behind 更多
  icon: IconName
}

declare module 'vue-router' {
  interface RouteMeta {
    /** The features whose words the page needs, by the names of their files in h5/messages. */
    words?: readonly string[]
    /** An entry of the main navigation, named `core.tabs.<name of the route>`. */
    tab?: Tab
    /** The entry that leads here, of pages that are none, by role; one that is nowhere says none. */
    under?: string | Partial<Record<Role, string>>
    /** Somebody writes here what is nowhere else yet: nothing invites to leave. */
    writes?: boolean
    /** A page that also who is not signed in may read. */
    open?: boolean
  }
}

const features = import.meta.glob<RouteRecordRaw[]>('./*/routes.ts', {
  eager: true,
  import: 'routes',
})

/**
 * The pages of all features, each a chunk of its own with its words; `/` is the rep's today, a
 * supervisor's live map, and HR's own page.
 */
export const router = createRouter({
  history: createWebHistory(),
  routes: [...Object.values(features).flat(), { path: '/:rest(.*)*', redirect: '/' }],
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (to.name !== 'today' || session.home === 'today') fetchEarly(to)
  if (to.meta.open) {
    void session.load(false)
    return true
  }
  const asked = session.load()
  if (session.me === null) await asked
  if (to.name === 'today' && session.me !== null && session.home !== 'today') {
    return { name: session.home }
  }
  return true
})

/** The page and its words, while it is asked who is there; a failure shows when they are asked for again. */
function fetchEarly(to: RouteLocationNormalized): void {
  loadWords(to.meta.words).catch(() => undefined)
  for (const { components } of to.matched)
    for (const part of Object.values(components ?? {}))
      if (isLoader(part)) part().catch(() => undefined)
}

const isLoader = (part: unknown): part is () => Promise<unknown> => typeof part === 'function'

router.beforeResolve(async (to) => {
  await loadWords(to.meta.words)
})
