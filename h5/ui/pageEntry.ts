import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useSession } from '../core/session.ts'
import type { IconName } from './icons.ts'

/** The entry of the main navigation that the page shown is, or that leads to it, by the name of its route. */
export function usePageEntry(): ComputedRef<string | undefined> {
  const session = useSession()
  const route = useRoute()
  return computed(() => {
    const { under } = route.meta
    const above = typeof under === 'object' ? under[session.me?.role ?? 'rep'] : under
    return above ?? route.name?.toString()
  })
}

/** The icon of that entry: what a list that is still empty shows. */
export function usePageIcon(): ComputedRef<IconName> {
  const entry = usePageEntry()
  const router = useRouter()
  return computed(
    () => router.getRoutes().find(({ name }) => name === entry.value)?.meta.tab?.icon ?? 'search',
  )
}
