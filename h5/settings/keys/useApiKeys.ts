import { shallowRef } from 'vue'
import {
  ApiKeys,
  MadeApiKey,
  type ApiKey,
  type ApiScope,
} from '../../../backend/contract/apiKeys.ts'
import { useAct } from '../../core/act.ts'
import { call } from '../../core/api.ts'
import { useLoaded } from '../../core/load.ts'

const AT = '/api/v1/api-keys'

export interface Wanted {
  name: string
  scopes: readonly ApiScope[]
  days: number
}

/** The keys of the company, and what an admin does about them. */
export function useApiKeys() {
  const keys = useLoaded(() => call(ApiKeys, AT))
  const made = shallowRef<MadeApiKey | null>(null) // shown until it is put away
  const { busy, refused, act } = useAct()
  const change = (work: () => Promise<unknown>) => act(() => work().then(keys.load))
  return {
    ...{ keys, made, refused, busy, load: keys.load },
    make: ({ name, scopes, days }: Wanted) =>
      change(async () => {
        const body = { name, scopes: [...scopes], days }
        made.value = await call(MadeApiKey, AT, { method: 'POST', body })
      }),
    revoke: ({ id }: ApiKey) =>
      change(() => call(ApiKeys, `${AT}/${id}/revoke`, { method: 'POST', body: {} })),
  }
}
