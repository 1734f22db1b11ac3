import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Delegations, FlowReply } from '../../backend/contract/approvalSettings.ts'
import { sql } from '../../backend/core/sql.ts'
import { NOW, ORG } from './company.ts'
import { openApprovals, type Approvals } from './approvalsStage.ts'

const HOUR = 3_600_000
let stage: Approvals
beforeAll(async () => {
  stage = await openApprovals()
})
afterAll(() => stage.close())
beforeEach(() => stage.clear())

const outing = (date = '2026-11-24') => ({
  ...{ id: uuid(), place: '', reason: '拜访客户' },
  span: { by: 'days', from: date, to: date },
})
const ask = (who = 'rep1') => stage.file('outings', who, outing())
const stateOf = async (id: string, who = 'rep1') => {
  const { body } = await stage.get(`requests/${id}`, who)
  return /"state":"(\w+)"/.exec(JSON.stringify(body))?.[1]
}

describe('a card', () => {
  it('asks with buttons, is decided by one of them, and closes; the applicant is told', async () => {
    const { id } = await ask()
    const [card] = await stage.messages('leadN')
    expect(card).toMatchObject({
      ...{ title: '名 rep1 外出', text: '11月24日\n拜访客户', closed: null },
      buttons: [
        { key: 'approve', text: '同意' },
        { key: 'reject', text: '驳回' },
      ],
    })
    expect(await stage.press('leadN', card?.key ?? '', 'approve')).toBe('已同意 Approved')
    expect(await stage.press('leadN', card?.key ?? '', 'approve')).toBe('已同意 Approved')
    expect(await stateOf(id)).toBe('approved')
    expect((await stage.messages('leadN'))[0]?.closed).toBe('已同意 Approved')
    expect(await stage.messages('rep1')).toMatchObject([
      { title: '已批准：名 rep1 外出', buttons: [] },
    ])
    expect((await stage.messages('rep1'))[0]?.text).toContain('名 leadN')
  })

  it('closes when the request was decided elsewhere or taken back, and presses nothing then', async () => {
    const [one, two] = [await ask(), await ask('rep2')]
    const [first, second] = await stage.messages('leadN')
    await stage.file(`approvals/${one.id}/reject`, 'leadN', { note: '先补资料' })
    await stage.file(`requests/${two.id}/withdraw`, 'rep2', {})
    expect((await stage.messages('leadN')).map(({ closed }) => closed)).toEqual(['已驳回 Rejected', '已撤回 Withdrawn']) // prettier-ignore
    expect(await stage.press('leadN', first?.key ?? '', 'approve')).toBe('已处理 Settled')
    expect(await stage.press('leadN', second?.key ?? '', 'approve')).toBe('已处理 Settled')
    expect(await stage.press('leadS', second?.key ?? '', 'approve')).toBe('已处理 Settled')
    expect(await stage.press('leadN', 'request:x', 'approve')).toBeNull()
    expect([await stateOf(one.id), await stateOf(two.id, 'rep2')]).toEqual([
      'rejected',
      'withdrawn',
    ])
    expect((await stage.messages('rep1'))[0]?.text).toContain('先补资料')
  })

  it('is not told when the filing fails with it', async () => {
    await stage.post('outings', 'rep1', { ...outing(), span: { by: 'days', from: '2026-11-24', to: '2026-11-23' } }) // prettier-ignore
    expect(await stage.messages('leadN')).toEqual([])
  })
})

describe('taking back', () => {
  it('of what was approved waits for the leader or HR, and holds until then', async () => {
    const { id } = await ask()
    expect(stage.codeOf(await stage.post(`requests/${id}/revoke`, 'rep1', {}))).toBe('settled')
    await stage.file(`approvals/${id}/approve`, 'leadN', {})
    expect(stage.codeOf(await stage.post(`requests/${id}/withdraw`, 'rep1', {}))).toBe('settled')
    const asked = await stage.file(`requests/${id}/revoke`, 'rep1', { note: '客户改期' })
    expect(asked).toMatchObject({ state: 'revoking', round: 1 })
    expect(asked.waitingFor.map((each) => each.id)).toEqual(['hr', 'leadN'])
    expect((await stage.holding()).absences).toHaveLength(1)
    expect((await stage.file(`approvals/${id}/approve`, 'leadN', {})).state).toBe('revoking') // the old card again
    expect((await stage.file(`approvals/${id}/approve`, 'hr', { round: 1 })).state).toBe('revoked')
    expect((await stage.holding()).absences).toEqual([])
    expect(stage.told).toHaveLength(2)
    expect((await stage.messages('leadN')).at(-1)?.closed).toBe('名 hr已同意')
  })

  it('is undone by a no, or by the applicant himself', async () => {
    const { id } = await ask()
    await stage.file(`approvals/${id}/approve`, 'leadN', {})
    await stage.file(`requests/${id}/revoke`, 'rep1', {})
    expect((await stage.file(`approvals/${id}/reject`, 'leadN', { round: 1 })).state).toBe(
      'approved',
    )
    await stage.file(`requests/${id}/revoke`, 'rep1', {})
    expect((await stage.file(`requests/${id}/withdraw`, 'rep1', {})).state).toBe('approved')
    expect(stage.told).toHaveLength(1)
  })
})

describe('standing in', () => {
  const standIn = (who: string, toId: string, more: object = {}) =>
    stage.post('delegations', who, { id: uuid(), toId, from: NOW, until: NOW + 48 * HOUR, ...more })

  it('lets a colleague decide for a time, on record as that, never his own', async () => {
    const { status, body } = await standIn('leadN', 'rep2')
    expect(status).toBe(200)
    const [delegation] = Delegations.parse(body).delegations
    const [one, own] = [await ask('rep1'), await ask('rep2')]
    expect(await stage.messages('rep2')).toHaveLength(1)
    expect(stage.codeOf(await stage.post(`approvals/${own.id}/approve`, 'rep2', {}))).toBe(
      'not_found',
    )
    const page = await stage.file(`approvals/${one.id}/approve`, 'rep2', {})
    expect(page).toMatchObject({ state: 'approved', timeline: [{}, { by: { id: 'rep2' }, onBehalfOf: { id: 'leadN' } }] }) // prettier-ignore
    expect((await stage.messages('leadN')).map(({ closed }) => closed)).toEqual([
      '名 rep2已同意',
      null,
    ])
    expect((await stage.post(`delegations/${delegation?.id}/end`, 'rep2', {})).status).toBe(404)
    expect((await stage.post(`delegations/${delegation?.id}/end`, 'leadN', {})).status).toBe(200)
    expect((await stage.get('requests/waiting', 'rep2')).body).toEqual({ count: 0 })
  })

  it('begins and ends by the clock, and asks the stand-in for what waits already', async () => {
    const { id } = await ask()
    await standIn('leadN', 'leadS', { from: NOW + HOUR })
    await stage.tend()
    expect(await stage.messages('leadS')).toEqual([])
    stage.clock.at = NOW + HOUR + 1
    await stage.tend()
    await stage.tend()
    expect(await stage.messages('leadS')).toHaveLength(1)
    stage.clock.at = NOW + 49 * HOUR
    expect((await stage.post(`approvals/${id}/approve`, 'leadS', {})).status).toBe(404)
  })

  it('never goes round in a circle', async () => {
    expect((await standIn('leadN', 'leadS')).status).toBe(200)
    expect((await standIn('leadS', 'boss')).status).toBe(200)
    const circle = await standIn('boss', 'leadN')
    expect(circle.status).toBe(422)
    expect(JSON.stringify(circle.body)).toContain('toId: circular')
    const later = { from: NOW + 48 * HOUR, until: NOW + 50 * HOUR }
    expect((await standIn('boss', 'leadN', later)).status).toBe(200)
    const { id } = await ask()
    expect((await stage.file(`approvals/${id}/approve`, 'boss', {})).timeline.at(-1)).toMatchObject({ onBehalfOf: { id: 'leadN' } }) // prettier-ignore
  })
})

describe('what waits too long', () => {
  it('is reminded of once, then the next leader above may answer, too', async () => {
    const { id } = await ask()
    stage.clock.at = NOW + 25 * HOUR
    await stage.tend()
    await stage.tend()
    expect((await stage.messages('leadN')).map(({ title }) => title)).toEqual(['名 rep1 外出', '待处理：名 rep1 外出']) // prettier-ignore
    expect(await stage.messages('boss')).toEqual([])
    stage.clock.at = NOW + 73 * HOUR
    await stage.tend()
    expect((await stage.messages('boss')).map(({ title }) => title)).toEqual(['名 rep1 外出'])
    const page = await stage.file(`approvals/${id}/approve`, 'boss', {})
    expect(page.timeline.map(({ kind }) => kind)).toEqual([
      'filed',
      'remind',
      'escalate',
      'approve',
    ])
    expect(await stage.tend()).toBe(0)
  })

  it('of somebody who has left goes to who leads now, or to HR', async () => {
    const { id } = await ask()
    await stage.db.run(
      sql`update people p set active = false where p.org_id = ${ORG} and p.id = 'leadN'`,
    )
    await stage.tend()
    const page = await stage.file(`approvals/${id}/approve`, 'boss', {})
    expect(page.timeline[1]).toMatchObject({
      kind: 'replace',
      note: '名 leadN',
      to: [{ id: 'boss' }],
    })
    expect((await stage.messages('leadN'))[0]?.closed).toBe('已转交 Handed on')
  })
})

describe('a flow', () => {
  const kept = async () => FlowReply.parse((await stage.get('approval-flow', 'hr')).body)
  const flowOf = (...steps: object[]) => ({
    rules: [{ name: '所有', when: {}, steps: steps.map((by) => ({ by, need: 'all', remindAfterHours: null, escalateAfterHours: null })) }], // prettier-ignore
    whenMissing: 'next',
  })

  it('is set by HR for what comes; what is under way keeps its steps', async () => {
    const before = await ask()
    const flow = flowOf({ who: 'person', personIds: ['leadN', 'leadS'] }, { who: 'hr' })
    expect((await stage.put('approval-flow', 'leadN', { flow, version: '' })).status).toBe(403)
    expect((await stage.put('approval-flow', 'hr', { flow, version: '' })).status).toBe(200)
    expect((await kept()).people.map(({ id }) => id)).toEqual(['leadN', 'leadS'])
    const page = await ask('rep2')
    expect(page.steps.map(({ approvers }) => approvers.map(({ id }) => id))).toEqual([['leadN', 'leadS'], ['hr']]) // prettier-ignore
    await stage.file(`approvals/${page.id}/approve`, 'leadS', {})
    expect((await stage.file(`approvals/${page.id}/approve`, 'leadN', {})).waitingFor).toMatchObject([{ id: 'hr' }]) // prettier-ignore
    expect((await stage.file(`approvals/${page.id}/approve`, 'hr', {})).state).toBe('approved')
    expect((await stage.file(`approvals/${before.id}/approve`, 'leadN', {})).state).toBe('approved')
  })

  it('is refused with field and rule, and when somebody else has changed it', async () => {
    const put = (flow: object, version = '') => stage.put('approval-flow', 'hr', { flow, version })
    const twice = await put(flowOf({ who: 'hr' }, { who: 'hr' }))
    expect(twice.status).toBe(422)
    expect(JSON.stringify(twice.body)).toContain('body.flow.rules.0.steps.1.by: circular')
    const stranger = await put(flowOf({ who: 'person', personIds: ['nobody'] }))
    expect(stranger.status).toBe(422)
    expect(JSON.stringify(stranger.body)).toContain(
      'flow.rules.0.steps.0.by.personIds: there is no such colleague',
    )
    expect((await put(flowOf({ who: 'hr' }))).status).toBe(200)
    expect((await put(flowOf({ who: 'direct_leader' }))).status).toBe(409)
    expect((await put(flowOf({ who: 'direct_leader' }), (await kept()).version)).status).toBe(200)
  })

  it('asks nobody to decide his own', async () => {
    const own = await stage.file('outings', 'leadN', outing())
    expect(own.waitingFor).toMatchObject([{ id: 'boss' }])
    expect((await stage.file('outings', 'boss', outing())).waitingFor).toMatchObject([{ id: 'hr' }])
    expect((await stage.file('outings', 'hr', outing())).waitingFor).toMatchObject([{ id: 'boss' }])
  })
})
