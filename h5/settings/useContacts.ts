import { onMounted, onScopeDispose, shallowRef } from 'vue'
import { Contacts } from '../../backend/contract/contacts.ts'
import { call, codeOf, type FailureCode } from '../core/api.ts'
import { useLoaded } from '../core/load.ts'

const WATCH_MS = 1_500 // while a sync runs
const LOOK_MS = 30_000 // one may begin by itself

/** How the company stands to its directory, kept fresh while the page is open, and the admin's three acts. */
export function useContacts() {
  const { data, failure, loading, load } = useLoaded(() => call(Contacts, '/api/v1/contacts/sync'))
  const busy = shallowRef(false)
  const refused = shallowRef<FailureCode | null>(null) // of the last act
  let timer: ReturnType<typeof setTimeout> | undefined

  async function look(): Promise<void> {
    clearTimeout(timer)
    if (!document.hidden) await load()
    clearTimeout(timer)
    timer = setTimeout(() => void look(), data.value?.running ? WATCH_MS : LOOK_MS)
  }

  async function act(path: string, body: object): Promise<void> {
    busy.value = true
    refused.value = null
    try {
      data.value = await call(Contacts, path, { body })
    } catch (error) {
      refused.value = codeOf(error)
    }
    await look()
    busy.value = false
  }

  onMounted(() => void look())
  onScopeDispose(() => clearTimeout(timer))

  return {
    ...{ data, failure, loading, busy, refused, load: look },
    start: () => act('/api/v1/contacts/sync', {}),
    approve: (id: string) => act('/api/v1/contacts/sync/approve', { id }),
    refuse: (id: string) => act('/api/v1/contacts/sync/refuse', { id }),
  }
}
