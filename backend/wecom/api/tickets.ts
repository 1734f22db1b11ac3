import { z } from 'zod'
import type { Call } from './caller.ts'
import type { Kept } from './kept.ts'
import type { SignatureKind } from '../signature.ts'

const Ticket = z.looseObject({ ticket: z.string().min(1), expires_in: z.number().positive() })

/** The two tickets that sign pages. They never leave the server; WeCom lends 100 an hour to an app. */
export function createTickets(call: Call): Record<SignatureKind, Kept> {
  const lend = (name: string, api: string, query: Record<string, string>) =>
    call.lend(name, async () => {
      const { ticket, expires_in } = await call(api, query, Ticket)
      return { value: ticket, seconds: expires_in }
    })
  return {
    config: lend('corp ticket', '/cgi-bin/get_jsapi_ticket', {}),
    agentConfig: lend('app ticket', '/cgi-bin/ticket/get', { type: 'agent_config' }),
  }
}
