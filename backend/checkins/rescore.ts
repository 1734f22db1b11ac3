import type { Kit } from '../core/kit.ts'
import { scoreEvidence, type Evidence } from './evidence.ts'
import { gatherFacts } from './gather.ts'
import { listPhotos, listTrack } from './known.ts'
import { foundAt } from './place.ts'
import { isReplay, probesOf, wayBefore } from './replay.ts'
import { keepScore, listDue, listEarlier, type DueScore } from './scores.ts'
import { customerSite, workplaceSites } from './sites.ts'
import { policyOf } from './settings.ts'

const ROUND_MS = 30_000
const AT_ONCE = 40
const DAY_MS = 86_400_000

/**
 * Scores again what can be known better: the track after a check-in has come, or fixes of the time
 * around it came late. Each score that differs is a version of its own; the first stays in the chain.
 */
export function createRescore(kit: Kit, orgId?: string) {
  const run = async () => {
    const due = await listDue(kit.db, kit.clock.now(), AT_ONCE, orgId)
    for (const each of due) await rescore(kit, each)
    return due.length
  }
  return { run, chore: { name: 'checkins.rescore', everyMs: ROUND_MS, run } }
}

async function rescore(kit: Kit, due: DueScore): Promise<void> {
  const { link, newest } = due
  const evidence = await evidenceNow(kit, due)
  const before = newest ?? { version: 1, ...link.evidence }
  const isSame = JSON.stringify(before.signals) === JSON.stringify(evidence.signals)
  const version = isSame && newest ? newest.version : before.version + 1
  const { orgId, personId, id, at, date } = link
  await keepScore(kit.db, { orgId, personId, id }, { version, at: kit.clock.now(), ...evidence })
  if (!isSame) kit.facts.publish('checkinJudged', { orgId, personId, id, at, date })
}

async function evidenceNow(kit: Kit, { link, departmentId }: DueScore): Promise<Evidence> {
  const { db } = kit
  const { orgId, customerId, workplaceId, lng, lat, accuracy, photos } = link
  const position = lng === null || lat === null ? null : { lng, lat, accuracy }
  const site = customerId
    ? await customerSite(db, orgId, customerId)
    : ((await workplaceSites(db, orgId, departmentId)).find(({ id }) => id === workplaceId) ?? null)
  const policy = await policyOf(db, orgId, departmentId)
  const track = await listTrack(db, link)
  const claim = {
    // where the check-in itself gave the customer its place, there was none to compare it with
    ...{ draft: link, site, found: foundAt(position, link.found === null ? null : site) },
    photos: await listPhotos(db, link, photos.map(({ id }) => id)), // prettier-ignore
    photoNeeded: policy.photo === 'required',
    questions: questionsIn(link),
    onDuty: !link.evidence.signals.some(({ code }) => code === 'off_duty'),
  }
  const replay = await replayBefore(kit, link, track)
  return scoreEvidence(await gatherFacts(db, claim, { settled: true, replay }))
}

/** As they stood when it came in: a form that changes later accuses nobody. */
function questionsIn({ evidence }: DueScore['link']): string[] {
  const signal = evidence.signals.find(({ code }) => code === 'form_incomplete')
  return signal ? String(signal.values['questions']).split('、') : []
}

async function replayBefore(
  { db }: Kit,
  { orgId, personId, at }: DueScore['link'],
  track: Awaited<ReturnType<typeof listTrack>>,
) {
  const way = wayBefore(track, at)
  if (way.length === 0) return null
  const days = await listEarlier(db, { orgId, personId, at }, probesOf(way))
  const same = days.find(({ fixes }) => isReplay(way, fixes))
  return same ? { daysAgo: Math.max(1, Math.round((at - same.to) / DAY_MS)) } : null
}
