import { awaitBuilds } from './update.ts'

const IDLE_MS = 5000 // by then the page has shown itself
const LOOK_MS = 30 * 60_000 // between looks for a new build: a page may stay open for days

/**
 * Lets the page open again without a network. Does nothing while developing, over plain HTTP and in
 * WebViews without service workers; a failure costs only the offline opening.
 */
export async function keepOffline(): Promise<void> {
  if (!import.meta.env.PROD || !isSecureContext || !('serviceWorker' in navigator)) return
  try {
    awaitBuilds(navigator.serviceWorker)
    const registered = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' })
    lookForBuilds(registered)
    const { active } = await navigator.serviceWorker.ready
    setTimeout(() => active?.postMessage('keep the rest'), IDLE_MS)
  } catch {
    // no storage, a private window, or the server left meanwhile: the next visit tries again
  }
}

/** Browsers look when a page is opened only; this one also when it is turned to after a while. */
function lookForBuilds(registered: ServiceWorkerRegistration): void {
  let lookedAt = Date.now()
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || Date.now() - lookedAt < LOOK_MS) return
    lookedAt = Date.now()
    registered.update().catch(() => undefined) // no network: at the next turn
  })
}
