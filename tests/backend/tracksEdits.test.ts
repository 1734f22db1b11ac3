import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Day, type DayEdit } from '../../backend/contract/days.ts'
import { sql } from '../../backend/core/sql.ts'
import { addCustomer, DATE, DUTY, MINUTE, onDuty, openCompany, ORG, type Company } from './company.ts' // prettier-ignore
import { forgetDays, SHOP, story, tracksOf } from './storyDay.ts'

let company: Company
let shop = ''
let depot = ''

beforeAll(async () => {
  company = await openCompany((kit) => [tracksOf(kit)])
  shop = await addCustomer(company.db, { ...SHOP, name: '好客便利', radius: 120 })
  depot = await addCustomer(company.db, { lng: 120, lat: 30, name: '仓库' })
  await company.report('rep1', story())
})
afterAll(() => company.close())

const path = (person = 'rep1', date = DATE) => `/api/v1/people/${person}/days/${date}`
const dayOf = async (person = 'rep1', viewer = person) =>
  Day.parse((await company.get(path(person), viewer)).body)
const send = (edit: object, viewer: string | null = 'rep1', where = path(viewer ?? 'rep1')) =>
  company.post(`${where}/edits`, viewer, edit)
const edited = async (edit: object, viewer = 'rep1') => {
  const { status, body } = await send(edit, viewer)
  expect(status, JSON.stringify(body)).toBe(200)
  return Day.parse(body)
}
const at = (minute: number) => DUTY.from + minute * MINUTE
const split = (minute: number) => ({ id: uuid(), kind: 'split' as const, at: at(minute) })
const codeOf = ({ status, body }: { status: number; body: unknown }) => [
  status,
  typeof body === 'object' && body && 'error' in body && typeof body.error === 'object' && body.error && 'code' in body.error ? body.error.code : null, // prettier-ignore
]
const recorded = (id: string) =>
  company.db.many<{ id: string }>(
    sql`select id from day_edits where org_id = ${ORG} and id = ${id}::uuid`,
  )

describe('POST /api/v1/people/:id/days/:date/edits', () => {
  it('refuses the signed out, everybody but the person, devices and bad input', async () => {
    const edit = split(10)
    expect((await send(edit, null)).status).toBe(401)
    for (const who of ['rep2', 'leadN', 'boss', 'hr', 'admin'])
      expect((await send(edit, who, path('rep1'))).status, who).toBe(403)
    expect((await company.post(`${path()}/edits`, 'rep1', edit, 'device')).status).toBe(403)
    for (const bad of [
      {},
      { ...edit, id: 'x' },
      { ...edit, at: 'noon' },
      { ...edit, kind: 'erase' },
      { id: uuid(), kind: 'name', at: at(10), name: '   ' },
      { id: uuid(), kind: 'name', at: at(10), name: 'a\0b' },
      { id: uuid(), kind: 'dispute', at: at(10), note: '\ud800' },
      { id: uuid(), kind: 'name', at: at(10), name: 'x', customerId: uuid() },
      { id: uuid(), kind: 'name', at: at(10), name: 'x', customerId: "'; drop table fixes" },
      { id: uuid(), kind: 'merge', from: at(20), to: at(10) },
      { id: uuid(), kind: 'withdraw', editId: 'x' },
    ])
      expect(codeOf(await send(bad)), JSON.stringify(bad)).toEqual([422, 'bad_input'])
    expect((await send(edit, 'rep1', path('rep1', '2026-02-30'))).status).toBe(422)
    expect(await recorded(edit.id)).toEqual([])
  })

  it('refuses what has not come and what lies outside of duty', async () => {
    const hour = 60
    expect(codeOf(await send(split(6 * hour)))).toEqual([422, 'in_future'])
    expect(codeOf(await send(split(-1)))).toEqual([422, 'off_duty'])
    expect(codeOf(await send(split(10), 'rep1', path('rep1', '2026-11-20')))).toEqual([422, 'off_duty']) // prettier-ignore
    const window = { from: DUTY.from + 86_400_000, to: DUTY.to + 86_400_000 }
    await onDuty(company.db, ['rep1'], window)
    await company.db.run(sql`
      update duty_windows set work_date = '2026-11-24'
      where org_id = ${ORG} and from_at = to_timestamp(${window.from}::float8 / 1000)`)
    const back = { id: uuid(), kind: 'withdraw', editId: uuid() }
    expect(codeOf(await send(back, 'rep1', path('rep1', '2026-11-24')))).toEqual([422, 'in_future'])
  })

  it('splits, names, merges, disputes and takes back; totals and visits follow', async () => {
    const before = await dayOf()
    expect(before.edits).toBeUndefined()
    const cut = split(10)
    const halves = await edited(cut)
    expect(halves.segments.slice(0, 2)).toMatchObject([{ to: cut.at }, { from: cut.at }])
    expect(halves.totals).toEqual(before.totals)
    const name = { id: uuid(), kind: 'name', at: at(20), name: '仓库', customerId: depot }
    const named = await edited(name)
    expect(named.visits.map(({ customerId }) => customerId)).toEqual([shop, depot])
    const doubt = { id: uuid(), kind: 'dispute', at: at(45), note: '坐车，不是走路' }
    expect((await edited(doubt)).segments[2]).toMatchObject({ kind: 'move', disputed: doubt.note })
    const merge = { id: uuid(), kind: 'merge', from: at(20), to: at(70) }
    const merged = await edited(merge)
    expect(merged.totals.movedMetres).toBe(0)
    expect(merged.segments[1]).toMatchObject({ kind: 'stay', from: cut.at, edits: [cut.id, name.id, doubt.id, merge.id] }) // prettier-ignore
    for (const each of [merge, doubt, name, cut])
      await edited({ id: uuid(), kind: 'withdraw', editId: each.id })
    const { edits, ...after } = await dayOf('rep1', 'leadN')
    expect(after).toEqual(before)
    expect(edits?.map(({ effect, madeBy }) => `${effect} ${madeBy}`)).toEqual([
      ...Array<string>(4).fill('withdrawn rep1'),
      ...Array<string>(4).fill('applied rep1'),
    ])
  })

  it('counts an edit once however often it is sent, and no other by its id', async () => {
    const cut = split(12)
    const [one, two] = await Promise.all([
      edited(cut),
      edited({ ...cut, id: cut.id.toUpperCase() }),
    ])
    expect(two.segments).toEqual(one.segments)
    expect((await edited(cut)).segments).toEqual(one.segments)
    expect(await recorded(cut.id)).toHaveLength(1)
    expect(codeOf(await send({ ...cut, at: cut.at + 1 }))).toEqual([409, 'conflict'])
    await edited({ id: uuid(), kind: 'withdraw', editId: cut.id })
  })

  it('survives late facts, and says when it fits nothing any more', async () => {
    await company.report('rep2', story())
    const name = { id: uuid(), kind: 'name', at: at(10), name: '楼下' }
    const lost = { id: uuid(), kind: 'split', at: at(75) }
    expect((await edited(name, 'rep2')).segments[0]?.place?.name).toBe('楼下')
    expect((await edited(lost, 'rep2')).segments).toHaveLength(5)
    const away = Array.from({ length: 400 }, (_, i) => ({
      at: at(60) + i * 5000, // while the day said that he stayed, he was on his way
      lng: SHOP.lng + 0.03 + i * 0.0006,
      lat: SHOP.lat + 0.01,
      accuracy: 5,
    }))
    await company.report('rep2', away)
    const { edits, segments } = await dayOf('rep2')
    expect(segments[0]).toMatchObject({ place: { name: '楼下' }, edits: [name.id] })
    expect(edits?.map(({ effect }) => effect)).toEqual(['applied', 'none'])
  })

  it('makes the same day wherever among the fixes its edits come in', async () => {
    const edits: DayEdit[] = [
      split(10),
      { id: uuid(), kind: 'name', at: at(15), name: '后门', customerId: depot },
      { id: uuid(), kind: 'merge', from: at(20), to: at(70) },
    ]
    const fixes = story()
    const seen = new Set<string>()
    for (const order of ['efefeff', 'ffffeee', 'eeeffff', 'fefefef']) {
      await forgetDays(company.db, 'rep3')
      const [said, reported] = [[...edits], [0, 1, 2, 3]]
      for (const step of order) {
        const block = step === 'f' ? (reported.shift() ?? 0) * 45 : -1
        if (block >= 0) await company.report('rep3', fixes.slice(block, block + 45))
        else await edited(said.shift() ?? {}, 'rep3')
      }
      const day = await dayOf('rep3')
      expect(day.edits?.map(({ effect }) => effect)).toEqual(['applied', 'applied', 'applied'])
      seen.add(JSON.stringify(day))
    }
    expect(seen.size).toBe(1)
  })

  it('keeps a day whose fixes retention has dropped, and still lets it be edited', async () => {
    const before = await dayOf('rep2')
    await company.db.run(sql`delete from fixes where org_id = ${ORG} and person_id = 'rep2'`)
    await company.db.run(sql`
      update track_days set algorithm_version = 'older' where org_id = ${ORG} and person_id = 'rep2'`)
    expect(await dayOf('rep2')).toEqual(before)
    const after = await edited({ id: uuid(), kind: 'dispute', at: at(5), note: '不对' }, 'rep2')
    expect(after.segments[0]).toMatchObject({ place: { name: '楼下' }, disputed: '不对' })
    expect(after.totals).toEqual(before.totals)
  })

  it('takes no more edits than a person makes', async () => {
    await company.db.run(sql`
      insert into day_edits (org_id, person_id, id, date, made_at, made_by, edit)
      select ${ORG}, 'rep1', gen_random_uuid(), ${DATE}::date, now(), 'rep1',
        jsonb_build_object('id', gen_random_uuid(), 'kind', 'split', 'at', 0)
      from generate_series(1, 300)`)
    expect(codeOf(await send(split(13)))).toEqual([409, 'conflict'])
    expect((await company.get(path(), 'rep1')).status).toBe(200)
  })
})
