import { computed, shallowRef } from 'vue'
import { useLoaded } from './load.ts'

/**
 * A list that goes on page by page. Loading it anew forgets the pages after the first.
 * @param ask for the first page, or for the one after what `next` of a page says; null: it was the last
 */
export function usePages<Next, Page extends { next: Next | null }, Item>(
  ask: (after?: Next) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[],
) {
  const later = shallowRef<readonly Item[]>([])
  const next = shallowRef<Next | null>(null)
  const first = useLoaded(async () => {
    const page = await ask()
    later.value = []
    next.value = page.next
    return page
  })
  const following = useLoaded(async () => {
    const page = await ask(next.value ?? undefined)
    later.value = [...later.value, ...itemsOf(page)]
    next.value = page.next
    return page
  })
  const all = computed(() => [
    ...(first.data.value ? itemsOf(first.data.value) : []),
    ...later.value,
  ])
  return {
    ...{ first: first.data, failure: first.failure, loading: first.loading, load: first.load },
    ...{ all, next, more: following.load },
    ...{ failedMore: following.failure, loadingMore: following.loading },
  }
}
