const IDLE_MS = 5000 // by then the page has shown itself

/**
 * Lets the page open again without a network. Does nothing while developing, over plain HTTP and in
 * WebViews without service workers; a failure costs only the offline opening.
 */
export async function keepOffline(): Promise<void> {
  if (!import.meta.env.PROD || !isSecureContext || !('serviceWorker' in navigator)) return
  try {
    await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' })
    const { active } = await navigator.serviceWorker.ready
    setTimeout(() => active?.postMessage('keep the rest'), IDLE_MS)
  } catch {
    // no storage, a private window, or the server left meanwhile: the next visit tries again
  }
}
