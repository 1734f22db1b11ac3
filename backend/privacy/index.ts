import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import {
  AccessLog,
  ConsentChange,
  ConsentReply,
  Erasure,
  ErasureOutlook,
} from '../contract/privacy.ts'
import { PersonId } from '../contract/terms.ts'
import type { Me } from '../contract/people.ts'
import { Fault } from '../core/errors.ts'
import type { Feature, Kit } from '../core/kit.ts'
import { FileReply, isAdmin, route, signedIn, type Viewer } from '../core/http/route.ts'
import { CONSENT_TEXT, CONSENT_VERSION } from './consentText.ts'
import { copyStream } from './copy.ts'
import { erasePerson } from './erasures.ts'
import { outlookOf } from './outlook.ts'
import type { PersonalTable } from './personal.ts'
import { retentionChore } from './retention.ts'
import { findConsent, insertConsent, listLooks } from './queries.ts'

export { counted, eraseRows, removeFiles } from './erase.ts'
export { noteErasure } from './erasures.ts'
export type { PersonalTable } from './personal.ts'
export { loadConsent, recordLook, recordLooks, giveConsent, type Look } from './queries.ts'

/** The consent of somebody as his page shows it. A withdrawn one, or one to an older text, does not hold. */
export const consentOf =
  (kit: Kit) =>
  async (viewer: Viewer): Promise<Me['consent']> => {
    const newest = await findConsent(kit.db, viewer.orgId, viewer.id)
    const current = newest?.given === true && newest.version === CONSENT_VERSION
    return {
      version: CONSENT_VERSION,
      givenAt: current ? newest.at : null,
      text: CONSENT_TEXT,
      current,
    }
  }

/** @param tables every table with something of a person: the root knows all rooms, this one knows none */
export function createPrivacy(kit: Kit, tables: readonly PersonalTable[] = []): Feature {
  return {
    chores: [retentionChore(kit, tables)],
    routes: [
      copyRoute(kit, tables),
      outlookRoute(kit, tables),
      eraseRoute(kit, tables),
      route({
        method: 'POST',
        path: '/api/v1/consent',
        summary: 'Give or withdraw consent to location reports',
        input: ConsentChange,
        reply: ConsentReply,
        allow: signedIn,
        run: ({ viewer, input }) => changeConsent(kit, viewer, input),
      }),
      route({
        method: 'GET',
        path: '/api/v1/access-log/me',
        summary: 'Who looked at my track, when, and which day',
        reply: AccessLog,
        allow: signedIn,
        run: async ({ viewer }) => ({ looks: await listLooks(kit.db, viewer.orgId, viewer.id) }),
      }),
    ],
  }
}

async function changeConsent(kit: Kit, viewer: Viewer, input: z.infer<typeof ConsentChange>) {
  if (input.given && input.version !== CONSENT_VERSION)
    throw new Fault('conflict', 'version: the text has changed, read the present one first')
  const at = kit.clock.now()
  await insertConsent(kit.db, {
    orgId: viewer.orgId,
    personId: viewer.id,
    id: uuid(),
    at,
    ...input,
  })
  kit.facts.publish('personChanged', { orgId: viewer.orgId, personId: viewer.id })
  return { version: CONSENT_VERSION, givenAt: input.given ? at : null }
}

function copyRoute(kit: Kit, tables: readonly PersonalTable[]) {
  return route({
    method: 'GET',
    path: '/api/v1/me/data',
    summary: 'Everything that is known of me, as one JSON file',
    reply: FileReply,
    allow: signedIn,
    run: async ({ viewer }) => {
      const who = { orgId: viewer.orgId, personId: viewer.id }
      const content = copyStream(kit.db, tables, who, kit.clock.now())
      return { type: 'application/json', name: `zuji-${viewer.id}.json`, content }
    },
  })
}

function outlookRoute(kit: Kit, tables: readonly PersonalTable[]) {
  return route({
    method: 'GET',
    path: '/api/v1/people/:id/erasure',
    summary:
      'What an erasure would take at once and what would stay until when; nothing is changed',
    params: z.object({ id: PersonId }),
    reply: ErasureOutlook,
    allow: isAdmin,
    run: ({ viewer, params }) =>
      outlookOf(kit, tables, { orgId: viewer.orgId, personId: params.id }),
  })
}

function eraseRoute(kit: Kit, tables: readonly PersonalTable[]) {
  return route({
    method: 'POST',
    path: '/api/v1/people/:id/erasure',
    summary:
      'Erases somebody who has left: at once what proves nothing, the rest when it need not be proven any more',
    params: z.object({ id: PersonId }),
    reply: Erasure,
    allow: isAdmin,
    run: async ({ viewer, params }) => {
      const who = { orgId: viewer.orgId, personId: params.id }
      return erasePerson(kit, tables, who, viewer.id)
    },
  })
}

export { KEPT } from './personal.ts'
