import { CHECKIN_RULES } from '../contract/checkins.ts'
import { Datum } from '../contract/terms.ts'
import type { Kit } from '../core/kit.ts'
import { placeFirst } from '../customers/index.ts'
import { GENESIS, linkHash } from './chain.ts'
import type { Db } from '../core/db.ts'
import {
  findLink,
  findTwin,
  insertLink,
  lockChain,
  moveHead,
  rememberDevice,
  type Content,
  type Link,
} from './queries.ts'

export type Draft = Omit<Content, 'chainDate' | 'seq'>

/**
 * Adds a check-in to the chain of its org and of the day it arrived on. Whoever adds one holds the
 * day's chain meanwhile, so that of one id, or of a double tap, one is stored and both get it.
 * @param chainDate of the arrival, in the zone of the org
 */
export const store = (
  kit: Pick<Kit, 'db'>,
  draft: Draft,
  chainDate: string,
): Promise<{ link: Link; isNew: boolean }> =>
  kit.db.transact(async (tx) => {
    const { seq, head } = await lockChain(tx, draft.orgId, chainDate, GENESIS)
    const known =
      (await findLink(tx, draft)) ?? (await findTwin(tx, draft, CHECKIN_RULES.doubleTapMs))
    if (known) return { link: known, isNew: false }
    const content = { ...draft, chainDate, seq: seq + 1 }
    const link = { ...content, prev: head, hash: linkHash(head, content) }
    await insertLink(tx, link)
    await moveHead(tx, draft.orgId, chainDate, { seq: link.seq, head: link.hash })
    const { orgId, personId, device, at } = draft
    if (device !== null) await rememberDevice(tx, { orgId, personId, device, at })
    await placeCustomer(tx, draft)
    return { link, isNew: true }
  })

const SURE_METRES = 60 // a position less exact than this is no place of a customer

/** Whether this check-in gives its customer a place: one that has none, by a position one can rely on. */
export const givesPlace = (draft: PlacingDraft): boolean =>
  draft.kind === 'in' &&
  draft.customerId !== null &&
  draft.found === null &&
  draft.lng !== null &&
  draft.mock !== true &&
  draft.source !== 'wecom_message' &&
  draft.accuracy !== null &&
  draft.accuracy <= SURE_METRES

type PlacingDraft = Pick<Draft, 'kind' | 'customerId' | 'found' | 'lng' | 'mock' | 'source' | 'accuracy'> // prettier-ignore

async function placeCustomer(tx: Db, draft: Draft): Promise<void> {
  const { orgId, personId: by, customerId, lng, lat, rawLng, rawLat } = draft
  if (!givesPlace(draft) || customerId === null) return
  if (lng === null || lat === null || rawLng === null || rawLat === null) return
  const rawDatum = Datum.parse(draft.datum)
  const place = { lng, lat, rawLng, rawLat, rawDatum }
  await placeFirst(tx, orgId, customerId, { place, by, at: draft.receivedAt })
}
