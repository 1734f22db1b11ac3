import type { CheckinReply, Decision, Policy } from '../contract/checkins.ts'
import { Fault, found } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import { dateAt, findPerson, loadDuty } from '../people/index.ts'
import { loadConsent } from '../privacy/index.ts'
import { contentOf, positionOf, type Given, type Who } from './content.ts'
import { askFor, decide, type Circumstances } from './decide.ts'
import { scoreEvidence } from './evidence.ts'
import { worded } from './evidenceWords.ts'
import { questionsLeft } from './form.ts'
import { gatherFacts, type Claim } from './gather.ts'
import { listPhotos } from './known.ts'
import { foundAt } from './place.ts'
import { findLink, findOrgZone, type Link } from './queries.ts'
import { policyOf } from './settings.ts'
import { siteOf } from './sites.ts'
import { store, type Draft } from './store.ts'
import { honestTime, wrongTime, type Timing } from './when.ts'
import { workDateOf } from './workDate.ts'

const DAY_MS = 86_400_000

/** Takes check-ins: a repeated id, and a double tap, get the first one's answer. Answers after commit. */
export function createRecord(kit: Kit) {
  return async (who: Who, given: Given): Promise<CheckinReply> => {
    const known = await findLink(kit.db, { ...who, id: given.id })
    if (known) return replyOf(known)
    const receivedAt = kit.clock.now()
    const draft = await draftOf(kit, { who, given, receivedAt })
    const zone = await findOrgZone(kit.db, who.orgId)
    const { link, isNew } = await store(kit, draft, dateAt(receivedAt, zone))
    if (isNew)
      kit.facts.publish('checkinStored', { ...who, id: link.id, at: link.at, date: link.date })
    return replyOf(link)
  }
}

/** The answer to a check-in as it is stored. */
export function replyOf({ id, at, found: where, metres, decision, ...link }: Link): CheckinReply {
  const ask = askFor(where, link.accuracy, link.photos.length > 0)
  return { id, at, where, metres, decision, evidence: worded(link.evidence), ask }
}

interface Asked {
  who: Who
  given: Given
  receivedAt: number
}

async function draftOf(kit: Kit, asked: Asked): Promise<Draft> {
  const { who, given, receivedAt } = asked
  const timing = timingOf(given, receivedAt)
  const person = found(await findPerson(kit.db, who.orgId, who.personId), 'this person')
  await refuseWithoutConsent(kit, who, timing.at)
  const policy = await policyOf(kit.db, who.orgId, person.departmentId)
  refuseWithoutDatum(given, policy)
  const position = positionOf(given)
  const { departmentId, zone } = person
  const site = await siteOf(kit.db, { who, given, position, departmentId })
  const photos = await photosOf(kit, who, given)
  const canAsk = !timing.late && given.unattended !== true
  const questions = await questionsLeft(kit.db, who.orgId, { given, site, canAsk })
  const place = foundAt(position, site)
  const isComplete = questions.length === 0
  const decision = decisionOf(given, policy, { where: place.where, canAsk, isComplete })
  const duty = await dutyAround(kit, who, timing.at)
  const day = workDateOf(timing.at, duty, { date: dateAt(timing.at, zone), zone })
  const claim: Claim = {
    draft: contentOf({ who, given, receivedAt, timing, day, position, site, place, photos }),
    ...{ site, found: place, photos, questions, onDuty: day.onDuty },
    photoNeeded: policy.photo === 'required',
  }
  const facts = await gatherFacts(kit.db, claim, { settled: false, replay: null })
  return { ...claim.draft, decision, evidence: scoreEvidence(facts) }
}

/** @throws Fault bad_input for what the policy demands and is not there. */
function decisionOf(
  { kind, note = '', photoIds }: Given,
  policy: Policy,
  about: Pick<Circumstances, 'where' | 'canAsk' | 'isComplete'>,
): Decision {
  const [hasNote, hasPhoto] = [note !== '', photoIds.length > 0]
  const verdict = decide({ ...about, kind, policy, hasNote, hasPhoto })
  if ('decision' in verdict) return verdict.decision
  if (verdict.missing === 'note') throw badInput('note', 'is required outside of the place')
  throw badInput('photoIds', 'a photo is required')
}

function timingOf(given: Given, receivedAt: number): Timing {
  const timing = honestTime(given, receivedAt)
  const wrong = wrongTime(given, timing, receivedAt)
  if (wrong === 'in_future')
    throw new Fault('in_future', 'at: more than 2 minutes after the server’s clock')
  if (wrong === 'too_old') throw new Fault('too_old', 'at: more than 7 days ago')
  return timing
}

/** A check-in is the person’s own act, off duty too; but only who agreed to be located is. */
async function refuseWithoutConsent(kit: Kit, { orgId, personId }: Who, at: number) {
  const consent = await loadConsent(kit.db, orgId, [personId])
  const since = consent.get(personId)
  if (since === undefined || at < since)
    throw new Fault('no_consent', 'at: no consent to location reports held then')
}

function refuseWithoutDatum({ position }: Given, policy: Policy) {
  if (policy.datum !== 'required' || !position || position.datum) return
  throw badInput('position.datum', 'this company requires a datum: wgs84, gcj02 or bd09')
}

const badInput = (field: string, rule: string) =>
  new Fault('bad_input', `body.${field}: ${rule}`, [{ field, rule }])

async function photosOf(kit: Kit, who: Who, { id, photoIds }: Given) {
  if (photoIds.length === 0) return []
  const photos = await listPhotos(kit.db, { ...who, id, at: 0 }, photoIds)
  const lost = photoIds.find((wanted) => !photos.some((photo) => photo.id === wanted))
  if (lost) throw badInput('photoIds', `${lost} has not been sent`)
  return photos
}

async function dutyAround(kit: Kit, { orgId, personId }: Who, at: number) {
  const span = { from: at - DAY_MS, to: at + DAY_MS }
  const duty = await loadDuty(kit.db, orgId, [personId], span)
  return duty.get(personId) ?? []
}
