import { shallowRef } from 'vue'
import { DeadLetters, Webhooks, WebhookSecret, type Webhook } from '../../../backend/contract/webhooks.ts' // prettier-ignore
import type { z } from 'zod'
import { useAct } from '../../core/act.ts'
import { call, type CallInit } from '../../core/api.ts'
import { useLoaded } from '../../core/load.ts'
import { usePages } from '../../core/pages.ts'

const AT = '/api/v1/alerts/webhooks'
type Hook = z.infer<typeof Webhook>

/** The addresses of the company, what was given up, and what an admin does about them. */
export function useWebhooks() {
  const hooks = useLoaded(() => call(Webhooks, AT))
  const dead = usePages(
    (before?: string) => call(DeadLetters, `${AT}/dead`, { query: { before } }),
    (page) => page.letters,
  )
  const secret = shallowRef<WebhookSecret | null>(null) // shown until it is put away
  const { busy, refused, act } = useAct()

  const load = () => Promise.all([hooks.load(), dead.load()])
  /** Lists are those of after. */
  const change = (work: () => Promise<unknown>) => act(() => work().then(load))
  const make = (path: string, body: CallInit['body'] = {}) =>
    change(async () => {
      secret.value = await call(WebhookSecret, AT + path, { method: 'POST', body })
    })
  return {
    ...{ hooks, dead, secret, refused, busy, load },
    add: (url: string) => make('', { url }),
    renew: ({ id }: Hook) => make(`/${id}/secret`),
    ...actsOn(change),
  }
}

function actsOn(act: (work: () => Promise<unknown>) => Promise<boolean>) {
  const post = (path: string, body: CallInit['body'] = {}) =>
    act(() => call(Webhooks, `${AT}/${path}`, { method: 'POST', body }))
  return {
    turn: ({ id, url, active }: Hook) =>
      act(() => call(Webhooks, `${AT}/${id}`, { method: 'PUT', body: { url, active: !active } })),
    remove: ({ id }: Hook) => act(() => call(Webhooks, `${AT}/${id}`, { method: 'DELETE' })),
    test: ({ id }: Hook) => post(`${id}/test`),
    again: ({ webhookId, eventId }: { webhookId: string; eventId: string | null }) =>
      post(`${webhookId}/again`, { eventId }),
  }
}
