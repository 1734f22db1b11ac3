import { shallowRef, type Component, type ShallowRef } from 'vue'
import { loadWords } from '../core/i18n.ts'
import { hasSeen, markSeen } from './seen.ts'

/**
 * The first cards of a page: nothing of them is fetched before they are asked for.
 * @returns `cards` to be drawn while it is not null; `show` opens them, `showOnce` only for who has not seen them on
 * this device; `close` is for when they are through, or skipped
 */
export function useFirstCards(): {
  cards: ShallowRef<Component | null>
  show: () => Promise<void>
  showOnce: (personId: string) => Promise<void>
  close: (personId: string) => void
} {
  const cards: ShallowRef<Component | null> = shallowRef(null)

  async function show(): Promise<void> {
    const [{ default: found }] = await Promise.all([
      import('./FirstCards.vue'),
      loadWords(['first']),
    ])
    cards.value = found
  }

  return {
    cards,
    show,
    async showOnce(personId) {
      // they can not be fetched on a dead line: the next opening shows them
      if (!hasSeen(personId)) await show().catch(() => undefined)
    },
    close(personId) {
      markSeen(personId)
      cards.value = null
    },
  }
}
