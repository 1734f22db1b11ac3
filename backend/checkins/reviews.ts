import type { z } from 'zod'
import type { CheckinDetail, Queue, QueueQuery, ReviewInput } from '../contract/reviews.ts'
import { Fault, found } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import type { Viewer } from '../core/http/route.ts'
import { beforeOf, pageEnd } from '../core/pages.ts'
import { canSeeTrack } from '../tracks/index.ts'
import { findPerson } from '../people/index.ts'
import { worded } from './evidenceWords.ts'
import { listTrackBetween } from './known.ts'
import { looked } from './looked.ts'
import { findLink, type Link } from './queries.ts'
import { findJudged, insertReview, listQueue, listReadable, listReviews } from './reviewQueries.ts'
import { belowIn, thresholdsOf } from './thresholds.ts'
import { findForm } from './settings.ts'
import { customerSite, workplaceSites } from './sites.ts'

const PAGE = 50
const DAY_MS = 86_400_000
const HALF_HOUR = 30 * 60_000
const QUEUE_DAYS = 45

/** Check-ins of my people that stand so, newest first. */
export async function queueOf(
  kit: Kit,
  viewer: Viewer,
  query: z.output<typeof QueueQuery>,
): Promise<Queue> {
  const now = kit.clock.now()
  const checkins = await listQueue(kit.db, viewer, {
    ...query,
    before: beforeOf(query.before, now + DAY_MS),
    since: now - QUEUE_DAYS * DAY_MS,
    thresholds: await thresholdsOf(kit.db, viewer.orgId),
    limit: PAGE,
  })
  return { checkins, next: pageEnd(checkins, PAGE, ({ at, id }) => ({ at, key: id })) }
}

interface Path {
  personId: string
  id: string
}

/** One check-in with map, track, photos and signals. The look is on record. */
export async function detailOf(kit: Kit, viewer: Viewer, path: Path): Promise<CheckinDetail> {
  const { orgId } = viewer
  const link = found(await findLink(kit.db, { orgId, ...path }), 'this check-in')
  const person = await looked(kit, viewer, path.personId, link.date)
  const thresholds = await thresholdsOf(kit.db, orgId)
  const row = found(await findJudged(kit.db, orgId, path, thresholds), 'this check-in')
  const { signals, ...checkin } = row
  const span = { from: link.at - HALF_HOUR, to: link.at + HALF_HOUR }
  return {
    ...{ checkin, zone: link.zone, department: person.department },
    site: await circleOf(kit, link, person.departmentId),
    photos: await listReadable(kit.db, { orgId, personId: path.personId }, checkin.photoIds),
    form: await filledIn(kit, link),
    track: (await listTrackBetween(kit.db, { orgId, ...path }, span)).map(({ at, lng, lat, accuracy }) => ({ at, lng, lat, accuracy })), // prettier-ignore
    evidence: worded({ score: checkin.score, signals }),
    first: worded(link.evidence),
    reviewBelow: belowIn(thresholds, person.departmentId),
    reviews: await listReviews(kit.db, { orgId, ...path }),
    link: { date: link.chainDate, seq: link.seq, hash: link.hash },
  }
}

async function circleOf({ db }: Kit, link: Link, departmentId: string) {
  const { orgId, customerId, workplaceId } = link
  const site = customerId
    ? await customerSite(db, orgId, customerId)
    : (await workplaceSites(db, orgId, departmentId)).find(({ id }) => id === workplaceId)
  return site?.at ? { ...site.at, radius: site.radius } : null
}

async function filledIn({ db }: Kit, { orgId, form }: Link): Promise<CheckinDetail['form']> {
  const version = form && (await findForm(db, orgId, form.id))
  return version ? { form: version, answers: form.answers } : null
}

/** What a review is called in a message. */
const TITLES = {
  accept: '签到已通过复核 Check-in accepted',
  reject: '签到未通过复核 Check-in rejected',
  answer: '签到有新的说明 Answer about a check-in',
} as const

/**
 * Accepts or rejects somebody else's check-in, or answers about one's own. The other side is told in
 * the same transaction; the same id again changes nothing.
 */
export async function review(
  kit: Kit,
  viewer: Viewer,
  path: Path,
  input: z.output<typeof ReviewInput>,
): Promise<CheckinDetail> {
  const { orgId, id: by } = viewer
  const link = found(await findLink(kit.db, { orgId, ...path }), 'this check-in')
  await refuseReview(kit, viewer, path, input)
  const at = kit.clock.now()
  const key = { orgId, personId: path.personId }
  const told = await toldOf(kit, path, by, link)
  const isNew = await kit.db.transact(async (tx) => {
    if (!(await insertReview(tx, { ...key, ...input, checkinId: path.id, at, by }))) return false
    for (const personId of told)
      await kit.notify.tell(tx, {
        ...{ orgId, personId, at, topic: 'notice' },
        key: `checkin:${path.id}:${input.id}`,
        title: TITLES[input.kind],
        text: [link.place ?? '', input.text].filter((line) => line !== '').join('：'),
        path: `/checkins/${path.personId}/${path.id}`,
      })
    return true
  })
  if (isNew)
    kit.facts.publish('checkinJudged', { ...key, id: path.id, at: link.at, date: link.date })
  return detailOf(kit, viewer, path)
}

async function refuseReview(
  kit: Kit,
  viewer: Viewer,
  { personId }: Path,
  { kind, text }: z.output<typeof ReviewInput>,
) {
  const isOwn = personId === viewer.id
  if (isOwn !== (kind === 'answer'))
    throw new Fault('not_allowed', isOwn ? 'kind: one does not review oneself' : 'kind: only the person himself answers') // prettier-ignore
  const person = found(await findPerson(kit.db, viewer.orgId, personId), 'this person')
  if (!canSeeTrack(viewer, person))
    throw new Fault('not_allowed', 'personId: this person is not in your departments')
  if (kind !== 'accept' && text === '')
    throw new Fault('bad_input', 'body.text: a reason is required', [{ field: 'text', rule: 'a reason is required' }]) // prettier-ignore
}

/** The person hears of a review; of an answer, whoever reviewed before. */
async function toldOf(kit: Kit, path: Path, by: string, { orgId }: Link): Promise<string[]> {
  if (by !== path.personId) return [path.personId]
  const reviews = await listReviews(kit.db, { orgId, ...path })
  return [...new Set(reviews.map((each) => each.by).filter((id) => id !== by))]
}
