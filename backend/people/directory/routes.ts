import { z } from 'zod'
import { Contacts, SyncDecision } from '../../contract/contacts.ts'
import type { Kit } from '../../core/kit.ts'
import { isAdmin, route, type Route } from '../../core/http/route.ts'
import type { Sync } from './sync.ts'
import { loadContacts } from './state.ts'

/** The admin's view of the company's directory: how it stands, read it now, decide on what waits. */
export function syncRoutes(kit: Pick<Kit, 'db' | 'clock'>, sync: Sync): Route[] {
  const contacts = (orgId: string) => loadContacts(kit.db, orgId, kit.clock.now())
  return [
    route({
      method: 'GET',
      path: '/api/v1/contacts/sync',
      summary: 'How people and departments stand to the WeCom directory',
      query: z.object({}),
      reply: Contacts,
      allow: isAdmin,
      run: ({ viewer }) => contacts(viewer.orgId),
    }),
    route({
      method: 'POST',
      path: '/api/v1/contacts/sync',
      summary: 'Read the whole directory now',
      input: z.strictObject({}),
      reply: Contacts,
      allow: isAdmin,
      run: async ({ viewer }) => {
        await sync.start({ cause: 'admin', requestedBy: viewer.id })
        return contacts(viewer.orgId)
      },
    }),
    decisionRoute(sync, contacts, 'approved'),
    decisionRoute(sync, contacts, 'refused'),
  ]
}

const WORDS = {
  approved: ['approve', 'Apply the difference that waits, if the directory still says the same'],
  refused: ['refuse', 'Leave people and departments as they are'],
} as const

function decisionRoute(
  sync: Sync,
  contacts: (orgId: string) => Promise<Contacts>,
  state: 'approved' | 'refused',
): Route {
  const [word, summary] = WORDS[state]
  return route({
    method: 'POST',
    path: `/api/v1/contacts/sync/${word}`,
    summary,
    input: SyncDecision,
    reply: Contacts,
    allow: isAdmin,
    run: async ({ viewer, input }) => {
      await sync.decide({ id: input.id, state, by: viewer.id })
      return contacts(viewer.orgId)
    },
  })
}
