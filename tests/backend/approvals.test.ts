import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Requests, type RequestsQuery } from '../../backend/contract/approvals.ts'
import { NOW } from './company.ts'
import { openApprovals, type Approvals } from './approvalsStage.ts'

let stage: Approvals
beforeAll(async () => {
  stage = await openApprovals()
})
afterAll(() => stage.close())
beforeEach(() => stage.clear())

const listed = async (who: string, scope: RequestsQuery['scope'], more = '') => {
  const { status, body } = await stage.get(`requests?scope=${scope}${more}`, who)
  expect(status, JSON.stringify(body)).toBe(200)
  return Requests.parse(body).requests.map(({ id }) => id)
}
const DAY = { by: 'days', from: '2026-11-24', to: '2026-11-24' }
const correction = (more: object = {}) => ({
  ...{ id: uuid(), date: '2026-11-20', due: 'out1', at: '2026-11-20T18:00', reason: '忘打卡' },
  ...more,
})
const leave = (more: object = {}) => ({ id: uuid(), leaveKind: 'annual', span: DAY, reason: '家里有事', ...more }) // prettier-ignore

describe('every route', () => {
  const some = uuid()
  const POSTS: [string, object][] = [
    ['corrections', correction()],
    ['leaves', leave()],
    ['outings', { id: some, span: DAY, reason: 'r' }],
    ['trips', { id: some, span: DAY, reason: 'r' }],
    ['overtime', { id: some, span: { by: 'clock', from: '2026-11-24T19:00', to: '2026-11-24T20:00' }, as: 'pay', reason: 'r' }], // prettier-ignore
    ['requests/preview', { details: { kind: 'leave', leaveKind: 'annual', span: DAY } }],
    [`requests/${some}/withdraw`, {}],
    [`requests/${some}/revoke`, {}],
    [`approvals/${some}/approve`, {}],
    [`approvals/${some}/reject`, {}],
    ['approvals', { decision: 'approve', items: [{ id: some }] }],
    ['delegations', { id: some, toId: 'rep2', from: NOW, until: NOW + 1000 }],
    [`delegations/${some}/end`, {}],
    ['leave-grants', { id: some, personId: 'rep1', leaveKind: 'annual', minutes: 480, from: '2026-01-01', to: '2026-12-31', note: 'n' }], // prettier-ignore
  ]
  const GETS = ['requests', 'requests/waiting', `requests/${some}`, 'leave-balances', 'leave-balances/people', 'leave-kinds', 'approval-flow', 'delegations', 'colleagues'] // prettier-ignore

  it('refuses the signed out, devices, and those whose role it is not for', async () => {
    for (const [path, body] of POSTS) {
      expect((await stage.post(path, null, body)).status, path).toBe(401)
      expect((await stage.post(path, 'rep1', body, 'device')).status, path).toBe(403)
    }
    for (const path of GETS) {
      expect((await stage.get(path, null)).status, path).toBe(401)
      expect((await stage.get(path, 'rep1', 'device')).status, path).toBe(403)
    }
    for (const path of ['leave-kinds', 'approval-flow', 'leave-balances/people'])
      for (const who of ['rep1', 'leadN', 'boss'])
        expect((await stage.get(path, who)).status, path).toBe(403)
    for (const who of ['rep1', 'leadN', 'boss', 'admin'])
      expect((await stage.get('requests?scope=all', who)).status).toBe(403)
    for (const who of ['rep1', 'hr', 'admin'])
      expect((await stage.get('requests?scope=team', who)).status).toBe(403)
    expect((await stage.get('leave-balances?personId=rep2', 'rep1')).status).toBe(403)
    expect((await stage.post('leave-grants', 'leadN', POSTS[13]?.[1] ?? {})).status).toBe(403)
  })

  it('answers 422 to bad input, naming field and rule', async () => {
    const clock = (from: string, to: string) => ({ by: 'clock', from, to })
    const bad: [string, object, string][] = [
      ['corrections', correction({ at: '2026-11-20T25:99' }), 'body.at'],
      ['corrections', correction({ at: '2026-02-30T09:00' }), 'body.at'],
      ['corrections', correction({ due: 'in0' }), 'body.due'],
      ['corrections', correction({ due: 'in2' }), 'due: no such punch'],
      ['corrections', correction({ reason: '  ' }), 'body.reason'],
      ['corrections', correction({ reason: 'a\0b' }), 'body.reason'],
      ['corrections', correction({ reason: 'x'.repeat(501) }), 'body.reason'],
      ['corrections', correction({ date: '2026-11-24' }), 'date: this day has not come'],
      [
        'corrections',
        correction({ date: '2026-11-23', at: '2026-11-23T18:00' }),
        'at: lies in the future',
      ],
      ['corrections', correction({ date: '2026-10-14', at: '2026-10-14T18:00' }), 'date:'],
      ['corrections', correction({ at: '2026-11-23T09:00' }), 'at: too far'],
      ['corrections', correction({ photoIds: [uuid()] }), 'photoIds: there is no such photo'],
      ['leaves', leave({ span: { ...DAY, to: '2026-11-23' } }), 'span.to: must be later'],
      [
        'leaves',
        leave({ span: { ...DAY, fromHalf: 'pm', toHalf: 'am' } }),
        'span.to: must be later',
      ],
      ['leaves', leave({ span: { ...DAY, to: '2028-11-23' } }), 'span.to: at most 366 days'],
      ['leaves', leave({ leaveKind: 'none' }), 'leaveKind: there is no such'],
      ['leaves', leave({ leaveKind: "'; drop" }), 'body.leaveKind'],
      [
        'leaves',
        leave({ span: clock('2026-11-24T09:00', '2026-11-24T10:00') }),
        'span.by: this leave',
      ],
      ['leaves', leave({ leaveKind: 'marriage', span: { ...DAY, toHalf: 'am' } }), 'span: this leave is taken by whole'], // prettier-ignore
      ['leaves', leave({ span: { ...DAY, from: '2026-11-28', to: '2026-11-29' } }), 'span: there is no working time'], // prettier-ignore
      ['leaves', leave({ leaveKind: 'bereavement', span: { ...DAY, to: '2026-12-08' } }), 'span: at most 5 days'], // prettier-ignore
      ['overtime', { id: uuid(), span: clock('2026-11-24T19:00', '2026-11-26T19:00'), as: 'pay', reason: 'r' }, 'span.to: at most 1 days'], // prettier-ignore
      ['delegations', { id: uuid(), toId: 'rep1', from: NOW, until: NOW + 1 }, 'toId: must be somebody else'], // prettier-ignore
      [
        'delegations',
        { id: uuid(), toId: 'nobody', from: NOW, until: NOW + 1 },
        'toId: there is no such',
      ],
      ['delegations', { id: uuid(), toId: 'rep2', from: NOW, until: NOW }, 'body.until'],
      ['delegations', { id: uuid(), toId: 'rep2', from: 0, until: 5 }, 'until: lies in the past'],
      ['approvals', { decision: 'maybe', items: [{ id: uuid() }] }, 'body.decision'],
      [`approvals/x/approve`, {}, 'path.id'],
    ]
    for (const [path, body, words] of bad) {
      const { status, body: reply } = await stage.post(path, 'rep1', body)
      expect(status, JSON.stringify(body)).toBe(422)
      expect(JSON.stringify(reply)).toContain(words)
    }
    expect((await stage.get('requests?limit=0', 'rep1')).status).toBe(422)
    expect(await listed('rep1', 'mine')).toEqual([])
  })
})

describe('a correction', () => {
  it('waits for the direct leader, holds when he agrees, and is told as a fact', async () => {
    const page = await stage.file('corrections', 'rep1', correction())
    expect(page).toMatchObject({ state: 'pending', waitingFor: [{ id: 'leadN' }], mine: true })
    expect((await stage.holding()).corrections).toEqual([])
    const decided = await stage.file(`approvals/${page.id}/approve`, 'leadN', { note: '好' })
    expect(decided).toMatchObject({ state: 'approved', waitingFor: [], mayDecide: false })
    expect(decided.timeline.map(({ kind, by }) => [kind, by?.id])).toEqual([['filed', 'rep1'], ['approve', 'leadN']]) // prettier-ignore
    expect((await stage.holding()).corrections).toMatchObject([
      { personId: 'rep1', date: '2026-11-20', due: 'out1', at: '2026-11-20T18:00' },
    ])
    expect(stage.told).toMatchObject([
      {
        personId: 'rep1',
        requestId: page.id,
        kind: 'correction',
        from: '2026-11-20',
        to: '2026-11-20',
      },
    ])
  })

  it('sent again changes nothing; another one under the same id is refused', async () => {
    const asked = correction()
    await stage.file('corrections', 'rep1', asked)
    await stage.file('corrections', 'rep1', { ...asked, id: asked.id.toUpperCase() })
    expect((await stage.post('corrections', 'rep1', { ...asked, reason: '别的' })).status).toBe(409)
    expect((await stage.post('corrections', 'rep2', asked)).status).toBe(409)
    expect(await listed('rep1', 'mine')).toEqual([asked.id])
    expect(await listed('rep2', 'mine')).toEqual([])
  })

  it('keeps to the quota of its month and to one for a punch that waits', async () => {
    stage.rules.limits = { perMonth: 2, windowDays: 30, deadlineDay: null }
    await stage.file('corrections', 'rep1', correction())
    expect(stage.codeOf(await stage.post('corrections', 'rep1', correction()))).toBe('overlaps')
    await stage.file('corrections', 'rep1', correction({ due: 'in1', at: '2026-11-20T09:00' }))
    const third = correction({ date: '2026-11-19', at: '2026-11-19T18:00' })
    expect(stage.codeOf(await stage.post('corrections', 'rep1', third))).toBe('over_quota')
    await stage.file('corrections', 'rep2', third)
  })

  it('is refused in a locked month, and so is a consent that comes after the lock', async () => {
    const page = await stage.file('corrections', 'rep1', correction())
    stage.rules.locked = true
    expect(stage.codeOf(await stage.post('corrections', 'rep2', correction()))).toBe('month_locked')
    expect(stage.codeOf(await stage.post(`approvals/${page.id}/approve`, 'leadN', {}))).toBe('month_locked') // prettier-ignore
    expect((await stage.file(`approvals/${page.id}/reject`, 'leadN', {})).state).toBe('rejected')
  })
})

describe('what overlaps', () => {
  it('is refused with the other one named, until that is withdrawn', async () => {
    const first = await stage.file('leaves', 'rep1', leave())
    const half = { by: 'days', from: '2026-11-24', fromHalf: 'pm', to: '2026-11-25' }
    const answer = await stage.post('outings', 'rep1', { id: uuid(), span: half, reason: 'r' })
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'overlaps', details: { id: first.id, kind: 'leave' } } } }) // prettier-ignore
    const evening = { id: uuid(), span: { by: 'clock', from: '2026-11-25T19:00', to: '2026-11-25T20:00' }, as: 'pay', reason: 'r' } // prettier-ignore
    await stage.file('overtime', 'rep1', evening)
    await stage.file(`requests/${first.id}/withdraw`, 'rep1', { note: '不去了' })
    await stage.file('outings', 'rep1', { id: uuid(), span: half, reason: 'r' })
  })

  it('does not when two halves of a day meet, nor when two are filed at once', async () => {
    await stage.file('leaves', 'rep1', leave({ span: { ...DAY, toHalf: 'am' } }))
    await stage.file('outings', 'rep1', {
      id: uuid(),
      span: { ...DAY, fromHalf: 'pm' },
      reason: 'r',
    })
    const at = { by: 'days', from: '2026-11-26', to: '2026-11-26' }
    const both = await Promise.all(
      [1, 2].map(() => stage.post('leaves', 'rep1', leave({ span: at }))),
    )
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})

describe('who sees what', () => {
  it('is mine for a rep, what he is asked for an approver, his subtree for a supervisor, all for HR', async () => {
    const one = await stage.file('corrections', 'rep1', correction())
    stage.clock.at += 1000
    const three = await stage.file('corrections', 'rep3', correction())
    expect(await listed('rep2', 'mine')).toEqual([])
    expect(await listed('leadN', 'decide')).toEqual([one.id])
    expect(await listed('leadN', 'team')).toEqual([one.id])
    expect(await listed('leadS', 'decide')).toEqual([three.id])
    expect(await listed('boss', 'team')).toEqual([three.id, one.id])
    expect(await listed('hr', 'all')).toEqual([three.id, one.id])
    expect(await listed('hr', 'all', '&personId=rep1&kind=correction&state=pending&from=2026-11-20&to=2026-11-20')).toEqual([one.id]) // prettier-ignore
    expect(await listed('hr', 'all', '&limit=1')).toEqual([three.id])
    expect(await listed('hr', 'all', `&limit=1&before=${three.id}`)).toEqual([one.id])
    const seen = async (who: string) => (await stage.get(`requests/${one.id}`, who)).status
    for (const who of ['rep1', 'leadN', 'boss', 'hr']) expect(await seen(who), who).toBe(200)
    for (const who of ['rep2', 'rep3', 'leadS', 'admin']) expect(await seen(who), who).toBe(404)
    for (const who of ['rep1', 'rep2', 'leadS', 'boss', 'hr', 'admin'])
      expect((await stage.post(`approvals/${one.id}/approve`, who, {})).status, who).toBe(404)
    expect((await stage.post(`requests/${one.id}/withdraw`, 'rep2', {})).status).toBe(404)
    await stage.file(`approvals/${one.id}/reject`, 'leadN', {})
    expect(await listed('leadN', 'decide')).toEqual([])
    expect(await listed('leadN', 'decided')).toEqual([one.id])
  })
})

describe('many at once', () => {
  it('are decided each by itself', async () => {
    const mine = await stage.file('corrections', 'rep1', correction())
    const other = await stage.file('corrections', 'rep3', correction())
    const items = [{ id: mine.id }, { id: other.id }, { id: uuid() }]
    const { body } = await stage.post('approvals', 'leadN', { decision: 'approve', items })
    expect(body).toEqual({
      items: [
        { id: mine.id, code: null, state: 'approved' },
        { id: other.id, code: 'not_found', state: null },
        { id: items[2]?.id, code: 'not_found', state: null },
      ],
    })
    expect((await stage.get('requests/waiting', 'leadS')).body).toEqual({ count: 1 })
    expect((await stage.get('requests/waiting', 'leadN')).body).toEqual({ count: 0 })
  })
})
