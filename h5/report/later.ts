import { nameOf } from './queue.ts'

/** Background sync, where a browser has it. */
interface Syncing {
  readonly sync?: { register(tag: string): Promise<void> }
}

/**
 * Asks the browser to wake the service worker when there is a network, so that what waits of a person goes even when
 * no page is open then. Where that does not exist (iOS, WeChat) it goes when the page is opened next.
 */
export async function carryLater(personId: string): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  try {
    const registered: (ServiceWorkerRegistration & Syncing) | undefined =
      await navigator.serviceWorker.getRegistration()
    await registered?.sync?.register(nameOf(personId))
  } catch {
    // not allowed, or no worker is active yet: the page sends it
  }
}
