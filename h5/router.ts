import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { loadWords } from './core/i18n.ts'
import { useSession } from './core/session.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** The features whose words the page needs, by the names of their files in h5/messages. */
    words?: readonly string[]
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
  loadWords(to.meta.words).catch(() => undefined) // together with the page; asked for again below
  const session = useSession()
  await session.load()
  if (to.name === 'today' && session.me !== null && session.home !== 'today') {
    return { name: session.home }
  }
  return true
})

router.beforeResolve(async (to) => {
  await loadWords(to.meta.words)
})
