import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Balances, LeaveKindsReply } from '../../backend/contract/approvalSettings.ts'
import { openApprovals, type Approvals } from './approvalsStage.ts'

let stage: Approvals
beforeAll(async () => {
  stage = await openApprovals()
})
afterAll(() => stage.close())
beforeEach(() => stage.clear())

describe('leave', () => {
  const leave = (more: object = {}) => ({
    ...{ id: uuid(), leaveKind: 'annual', reason: '休息', photoIds: [] },
    span: { by: 'days', from: '2026-11-24', to: '2026-11-26', toHalf: 'am' },
    ...more,
  })
  const left = async (leaveKind: string, who = 'rep1') => {
    const { body } = await stage.get('leave-balances', who)
    return Balances.parse(body).balances.find((each) => each.leaveKind === leaveKind)?.left
  }

  it('is counted in the working days it takes, against what is left', async () => {
    const preview = await stage.post('requests/preview', 'rep1', {
      details: { kind: 'leave', leaveKind: 'annual', span: leave().span },
    })
    expect(preview.body).toMatchObject({ days: 2.5, minutes: 1200, steps: [{ approvers: [{ id: 'leadN' }] }] }) // prettier-ignore
    const page = await stage.file('leaves', 'rep1', leave())
    expect(page).toMatchObject({ days: 2.5, leaveName: '年假' })
    expect(await left('annual')).toBe(1200)
    const more = leave({ span: { by: 'days', from: '2026-12-01', to: '2026-12-03' } })
    expect(stage.codeOf(await stage.post('leaves', 'rep1', more))).toBe('not_enough')
    await stage.file(`approvals/${page.id}/reject`, 'leadN', {})
    expect(await left('annual')).toBe(2400)
    expect((await stage.file('leaves', 'rep1', more)).state).toBe('pending')
  })

  it('is given by HR, once, and taken back', async () => {
    const grant = { id: uuid(), personId: 'rep1', leaveKind: 'annual', minutes: 960, from: '2026-01-01', to: '2026-12-31', note: '工龄' } // prettier-ignore
    expect((await stage.post('leave-grants', 'hr', grant)).status).toBe(200)
    expect((await stage.post('leave-grants', 'hr', grant)).status).toBe(200)
    expect(await left('annual')).toBe(3360)
    expect((await stage.post('leave-grants', 'hr', { ...grant, minutes: 1 })).status).toBe(409)
    await stage.post('leave-grants', 'hr', { ...grant, id: uuid(), minutes: -480 })
    expect(await left('annual')).toBe(2880)
    expect((await stage.post('leave-grants', 'hr', { ...grant, id: uuid(), leaveKind: 'sick' })).status).toBe(422) // prettier-ignore
    expect((await stage.post('leave-grants', 'hr', { ...grant, id: uuid(), personId: 'x' })).status).toBe(422) // prettier-ignore
    const all = await stage.get('leave-balances/people?text=rep1', 'hr')
    expect(all.body).toMatchObject({ people: [{ id: 'rep1', balances: [{ left: 2880 }, {}, {}] }], next: null }) // prettier-ignore
  })

  it('in lieu comes from approved overtime and is taken by the hour', async () => {
    const hour = (from: string, to: string) => ({ by: 'clock', from, to })
    const over = await stage.file('overtime', 'rep1', { id: uuid(), span: hour('2026-11-20T19:00', '2026-11-20T22:00'), as: 'compensatory', reason: '盘点' }) // prettier-ignore
    expect(await left('compensatory')).toBe(0)
    await stage.file(`approvals/${over.id}/approve`, 'leadN', {})
    expect(await left('compensatory')).toBe(180)
    const off = leave({
      leaveKind: 'compensatory',
      span: hour('2026-11-24T09:00', '2026-11-24T11:00'),
    })
    const page = await stage.file('leaves', 'rep1', off)
    await stage.file(`approvals/${page.id}/approve`, 'leadN', {})
    expect(await left('compensatory')).toBe(60)
    expect(await stage.holding()).toMatchObject({
      absences: [{ kind: 'leave', leaveKind: 'compensatory', span: off.span }],
      overtime: [
        { as: 'compensatory', span: { from: '2026-11-20T19:00', to: '2026-11-20T22:00' } },
      ],
    })
  })

  it('has the kinds that HR says', async () => {
    const { leave: kinds, version } = LeaveKindsReply.parse(
      (await stage.get('leave-kinds', 'hr')).body,
    )
    const fewer = { ...kinds, kinds: kinds.kinds.map((kind) => ({ ...kind, active: kind.key === 'sick' })) } // prettier-ignore
    expect((await stage.put('leave-kinds', 'hr', { leave: fewer, version })).status).toBe(200)
    expect((await stage.put('leave-kinds', 'hr', { leave: kinds, version })).status).toBe(409)
    expect((await stage.post('leaves', 'rep1', leave())).status).toBe(422)
    const twin = { ...kinds, kinds: [...kinds.kinds, ...kinds.kinds.slice(0, 1)] }
    const refused = await stage.put('leave-kinds', 'hr', { leave: twin, version })
    expect(refused.status).toBe(422)
    expect(JSON.stringify(refused.body)).toContain(
      'leave.kinds.10.key: another kind has it already',
    )
  })
})
