import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Call } from './caller.ts'
import { keep, type Kept } from './kept.ts'
import type { SignatureKind } from './signature.ts'

const Ticket = z.looseObject({ ticket: z.string().min(1), expires_in: z.number().positive() })

/** The two tickets that sign pages. They never leave the server; WeCom lends 100 an hour to an app. */
export function createTickets(call: Call, clock: Clock): Record<SignatureKind, Kept> {
  const lend = (api: string, query: Record<string, string>) =>
    keep(clock, async () => {
      const { ticket, expires_in } = await call(api, query, Ticket)
      return { value: ticket, seconds: expires_in }
    })
  return {
    config: lend('/cgi-bin/get_jsapi_ticket', {}),
    agentConfig: lend('/cgi-bin/ticket/get', { type: 'agent_config' }),
  }
}
