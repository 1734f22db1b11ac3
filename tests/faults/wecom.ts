import { readConfig } from '../../backend/core/config.ts'
import { connect } from '../../backend/core/connect.ts'
import type { Database } from '../../backend/core/db.ts'
import { createLog } from '../../backend/core/log.ts'
import { migrate } from '../../backend/core/migrate.ts'
import { sql } from '../../backend/core/sql.ts'
import { createKit } from '../../backend/kit.ts'
import {
  closeMessage,
  createMessaging,
  createWecom,
  enqueueMessage,
} from '../../backend/wecom/index.ts'
import { createWecomSim, type WecomSim } from '../../fixtures/wecom-sim/index.ts'
import { ORG, REPS, seedCompany } from './company.ts'
import { secondsOf, type Row } from './row.ts'
import { onCluster, type Day } from './stage.ts'

const HOUR = 3_600_000
const STEP = 2_000 // ms between two rounds of the outbox, as its chore has them
const EVERY = 30_000 // ms between two messages
const BEFORE = 5 * 60_000 // ms of work before WeCom breaks
const PATIENCE = 2 * HOUR // ms from healing until all has gone out
const DECIDED = 5 // messages later: what had buttons is decided

/** What comes instead of an answer; `pass` lets the request through, whose answer is then lost. */
type Trouble = (pass: () => Promise<Response>) => Promise<Response>

const timeout = () => new DOMException('no answer', 'TimeoutError')

/** Every other request is done, and nobody hears of it. */
function timeouts(): Trouble {
  let times = 0
  return async (pass) => {
    if (times++ % 2 === 0) await pass()
    throw timeout()
  }
}

export const WECOM_FAULTS: readonly { name: string; row: (day: Day) => Promise<Row> }[] = [
  ['wecom-throttles', async () => Response.json({ errcode: 45009, errmsg: 'api freq out of limit' })] as const, // prettier-ignore
  ['wecom-answers-500', async () => new Response('', { status: 500 })] as const,
  ['wecom-times-out', timeouts()] as const,
].map(([name, trouble]) => ({ name, row: (day) => anHourOf(name, trouble, day) }))

/** An hour without WeCom, by a clock of its own that no rule knows of; two processes share the outbox. */
function anHourOf(name: string, trouble: Trouble, day: Day): Promise<Row> {
  return onCluster({}, async (cluster, dataDir) => {
    const log = createLog('silent')
    const db = await connect({ databaseUrl: cluster.urlOf('postgres'), dataDir, log, root: '' })
    try {
      await migrate(db)
      await seedCompany(db, day)
      return await suffered(name, createOffice(db, trouble, day.midnight + 9 * HOUR))
    } finally {
      await db.close()
    }
  })
}

type Office = ReturnType<typeof createOffice>

/** A company that speaks with a WeCom which can be made to fail. */
function createOffice(db: Database, trouble: Trouble, from: number) {
  const clock = { at: from, now: () => clock.at }
  const sim = createWecomSim({
    ...{ corpId: ORG, agentId: '1000002', secret: 'of the stage', clock, trustedHosts: [] },
    ...{ publicBase: 'http://wecom.example/sim', departments: [{ id: 'east', parentId: null, name: '东组' }] }, // prettier-ignore
    people: REPS.map((id) => ({ id, name: id, role: 'rep', departmentId: 'east', position: '' })),
  })
  const state = { broken: false, troubled: 0 }
  const asked: typeof fetch = (input, init) => {
    const pass = () => sim.settings.fetch(input, init)
    if (!state.broken || String(input).includes('gettoken')) return pass()
    state.troubled++
    return trouble(pass)
  }
  const begin = () => {
    const kit = createKit({ db, clock, log: createLog('silent'), config: readConfig({}) })
    const own = { ...sim.settings, fetch: asked, clock, log: kit.log, wait: async () => undefined }
    return createMessaging(kit, createWecom(own), ORG)
  }
  return { db, clock, sim, state, begin, told: 0 }
}

async function suffered(name: string, office: Office): Promise<Row> {
  const { clock, state, sim } = office
  let processes = [office.begin(), office.begin()]
  const until = async (done: () => boolean | Promise<boolean>, work: boolean) => {
    for (let round = 0; !(await done()); round++) {
      if (work && (round * STEP) % EVERY === 0) await tell(office)
      await processes[round % 2]?.sendDue()
      clock.at += STEP
    }
  }
  const passed = (ms: number) => {
    const end = clock.at + ms
    return () => clock.at >= end
  }
  await until(passed(BEFORE), true)
  state.broken = true
  await until(passed(HOUR / 2), true)
  processes = [office.begin(), office.begin()] // they forget what they had learned
  await until(passed(HOUR / 2), true)
  state.broken = false
  const healed = clock.at
  const late = passed(PATIENCE)
  await until(async () => late() || (await left(office)).cards === 0, false)
  const sent = clock.at
  await until(async () => late() || (await left(office)).closings === 0, false)
  return {
    fault: name,
    seconds: HOUR / 1000,
    phonesHeard: `${office.told} messages, ${state.troubled} requests in vain`,
    acknowledgedAfter: secondsOf(sent - healed),
    viewsAfter: secondsOf(clock.at - healed),
    broken: (await brokenIn(office, sim)).join('; '),
  }
}

/** One thing happens: somebody is told of it, sometimes with a button; what had one before is decided. */
async function tell(office: Office): Promise<void> {
  const { db, clock } = office
  const about = (number: number) => {
    const personId = REPS[number % REPS.length] ?? ''
    return { orgId: ORG, personId, key: `message:${number}`, at: clock.at }
  }
  const number = office.told++
  const buttons = number % 3 === 0 ? [{ key: 'yes', text: '同意' }] : []
  const text = { topic: 'alert', title: `消息 ${number}`, text: '离开了', path: '/' } as const
  await db.transact((tx) => enqueueMessage(tx, { ...about(number), ...text, buttons }))
  const before = number - DECIDED
  if (before < 0 || before % 3 !== 0) return
  await db.transact((tx) => closeMessage(tx, { ...about(before), text: '已同意 Granted' }))
}

async function left({ db }: Office): Promise<{ cards: number; closings: number }> {
  const row = await db.first<{ cards: number; closings: number }>(sql`
    select
      (select count(*)::int from wecom_messages m where m.org_id = ${ORG} and m.card_id is null and m.closed is null)
        + (select count(*)::int from wecom_cards c where c.org_id = ${ORG} and c.state = 'waiting') as cards,
      (select count(*)::int from wecom_cards c where c.org_id = ${ORG} and c.close_state = 'waiting') as closings`)
  return row ?? { cards: NaN, closings: NaN }
}

/** Every message is on one card that one person saw once, or was decided before it went out. */
async function brokenIn(office: Office, sim: WecomSim): Promise<string[]> {
  const { db, told } = office
  const [state] = await db.many<{
    on: number
    decided: number
    cards: number
    unsent: number
  }>(sql`
    select count(m.card_id)::int as "on", count(*) filter (where m.card_id is null and m.closed is not null)::int as decided,
      (select count(*)::int from wecom_cards c where c.org_id = ${ORG}) as cards,
      (select count(*)::int from wecom_cards c where c.org_id = ${ORG} and c.state <> 'sent') as unsent
    from wecom_messages m
    where m.org_id = ${ORG}`)
  if (!state) return ['nothing is there']
  const shown = sim.messages.all.filter(({ fate }) => fate === 'shown')
  const dropped = sim.messages.all.filter(({ fate }) => fate === 'dropped').length
  const distinct = new Set(shown.map(({ userid, content }) => `${userid} ${JSON.stringify(content)}`)) // prettier-ignore
  return [
    ...(state.on + state.decided === told ? [] : [`${told - state.on - state.decided} messages are on no card`]), // prettier-ignore
    ...(state.unsent === 0 ? [] : [`${state.unsent} cards did not go out`]),
    ...(distinct.size === state.cards
      ? []
      : [`${state.cards - distinct.size} cards were not seen`]),
    ...(distinct.size === shown.length ? [] : [`${shown.length - distinct.size} cards were seen twice`]), // prettier-ignore
    ...(dropped === 0 ? [] : [`WeCom dropped ${dropped} cards`]),
    ...(await stillAsking(office)),
  ]
}

/**
 * Decided cards that WeCom did not hear of. Where its answer was lost the next try is refused, as a code closes once:
 * the outbox gives up on what is done already.
 */
async function stillAsking({ db, sim }: Office): Promise<string[]> {
  const open = await db.many<{ taskId: string }>(sql`
    select c.body -> 'template_card' ->> 'task_id' as "taskId"
    from wecom_cards c
    where c.org_id = ${ORG} and c.close_state not in ('done', 'too_late')`)
  const replaced = new Set(sim.messages.all.filter(({ replacedBy }) => replacedBy !== null).map(({ taskId }) => taskId)) // prettier-ignore
  const asking = open.filter(({ taskId }) => !replaced.has(taskId)).length
  return asking === 0 ? [] : [`${asking} decided cards still ask`]
}
