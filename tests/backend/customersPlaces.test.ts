import { v7 as uuid } from 'uuid'
import { describe, expect, it } from 'vitest'
import { Clusters } from '../../backend/contract/clusters.ts'
import { Duplicates, Proposals, Transfer, Transfers } from '../../backend/contract/customers.ts'
import { insertCustomers } from '../../backend/customers/insert.ts'
import { noteVisited, placeFirst } from '../../backend/customers/index.ts'
import { NOW, ORG } from './company.ts'
import { API, HERE, place, regionsStage } from './customersStage.ts'

const DAY = 86_400_000
const { id, stage, names, details, history, setUp } = regionsStage()

describe('the pool', () => {
  it('gives a customer to one of those who take it at once', async () => {
    const path = `${API}/${id['rootPool']}`
    const answers = await Promise.all([
      stage().post(`${path}/claim`, 'rep1', ''),
      stage().post(`${path}/claim`, 'rep3', ''),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const winner = answers[0].status === 200 ? 'rep1' : 'rep3'
    const loser = winner === 'rep1' ? 'rep3' : 'rep1'
    expect((await stage().post(`${path}/claim`, winner, '')).status).toBe(200)
    expect((await stage().post(`${path}/release`, loser, '')).status).toBe(404)
    expect((await stage().post(`${path}/release`, winner, '')).status).toBe(200)
    expect((await history('rootPool')).map(({ kind }) => kind)).toEqual([
      'released',
      'claimed',
      'created',
    ])
  })

  it('is not for those of another department, nor where the company does not want it', async () => {
    expect((await stage().post(`${API}/${id['southPool']}/claim`, 'rep1', '')).status).toBe(404)
    expect((await stage().post(`${API}/${id['northPool']}/claim`, 'leadN', '')).status).toBe(403)
    await setUp({ repsMayClaim: false })
    expect((await stage().post(`${API}/${id['northPool']}/claim`, 'rep1', '')).status).toBe(403)
    await setUp({})
  })
})

describe('handing on', () => {
  const transfer = async (who: string, input: object) => {
    const { status, body } = await stage().post(`${API}/transfers`, who, input)
    return status === 200 ? Transfer.parse(body) : status
  }

  it('tells first, does then, and goes back', async () => {
    const all = { from: 'rep1', to: 'rep2' }
    const told = await transfer('leadN', { ...all, dryRun: true })
    expect(told).toMatchObject({ id: null, customers: 1 })
    expect((await details('rep1')).ownerId).toBe('rep1')
    const done = await transfer('leadN', all)
    if (typeof done === 'number') throw new Error(String(done))
    expect((await details('rep1')).ownerId).toBe('rep2')
    expect((await history('rep1'))[0]).toMatchObject({ kind: 'transferred', by: '名 leadN' })
    const { transfers } = Transfers.parse((await stage().get(`${API}/transfers`, 'leadN')).body)
    expect(transfers[0]).toMatchObject({
      from: '名 rep1',
      to: '名 rep2',
      customers: 1,
      undoneAt: null,
    })
    const undo = `${API}/transfers/${done.id}/undo`
    expect((await stage().post(undo, 'leadS', '')).status).toBe(404)
    expect((await stage().post(undo, 'leadN', '')).body).toEqual({ customers: 1 })
    expect((await stage().post(undo, 'leadN', '')).status).toBe(404)
    expect(await details('rep1')).toMatchObject({ ownerId: 'rep1', departmentId: 'north' })
  })

  it('leaves alone what is not the supervisor’s to give', async () => {
    expect(await transfer('leadN', { from: 'rep3', to: 'rep1' })).toMatchObject({ customers: 0 })
    expect(await transfer('leadN', { from: 'rep1', to: 'rep3' })).toBe(403)
    expect(await transfer('rep1', { from: 'rep1', to: 'rep2' })).toBe(403)
    expect(await transfer('hr', { from: 'rep1', to: 'rep2' })).toBe(403)
    expect(await transfer('admin', { from: 'rep1', to: 'rep1' })).toBe(422)
    expect(await transfer('admin', { from: 'rep1', to: 'nobody' })).toBe(422)
  })
})

describe('where a customer is', () => {
  it('is set by the first visit, and then only proposed by reps', async () => {
    const customer = id['northPool'] ?? ''
    const path = `${API}/${customer}/position`
    await stage().post(`${API}/${customer}/claim`, 'rep1', '')
    const first = {
      place: { ...HERE, rawLng: HERE.lng, rawLat: HERE.lat, rawDatum: HERE.datum },
      by: 'rep1',
      at: NOW,
    }
    expect(await placeFirst(stage().db, ORG, customer, first)).toBe(true)
    expect(await placeFirst(stage().db, ORG, customer, first)).toBe(false)
    expect(await details('northPool')).toMatchObject({ lat: HERE.lat, placedBy: 'first_visit' })
    const moved = { ...place(HERE.lat + 0.001), note: '门在后面' }
    for (let time = 0; time < 2; time++)
      expect((await stage().post(path, 'rep1', moved)).body).toEqual({ outcome: 'proposed' })
    expect((await details('northPool')).lat).toBe(HERE.lat)
    const { proposals } = Proposals.parse((await stage().get(`${API}/proposals`, 'leadN')).body)
    expect(proposals).toMatchObject([{ by: '名 rep1', note: '门在后面', customerId: customer }])
    expect(proposals[0]?.metres).toBeCloseTo(110.7, 0)
    expect(
      Proposals.parse((await stage().get(`${API}/proposals`, 'leadS')).body).proposals,
    ).toEqual([])
    expect((await stage().get(`${API}/proposals`, 'rep1')).status).toBe(403)
    const accept = `${API}/proposals/${proposals[0]?.id}/accept`
    expect((await stage().post(accept, 'leadS', {})).status).toBe(404)
    expect((await stage().post(accept, 'leadN', { reason: '属实' })).status).toBe(200)
    expect((await stage().post(accept, 'leadN', {})).status).toBe(404)
    const now = await details('northPool')
    expect(now.placedBy).toBe('corrected')
    expect(now.lat).toBeCloseTo(HERE.lat + 0.001, 9)
    expect((await history('northPool'))[0]).toMatchObject({ kind: 'placed', by: '名 leadN' })
    expect((await stage().post(path, 'leadN', place())).body).toEqual({ outcome: 'placed' })
  })

  it('needs a datum where the company requires one', async () => {
    await setUp({ datumRequired: true })
    const { datum: _datum, ...without } = HERE
    for (const [path, input] of [
      [API, { name: 'x', position: without }],
      [`${API}/${id['rep1']}/position`, without],
    ] as const) {
      const { status, body } = await stage().post(path, 'rep1', input)
      expect(status).toBe(422)
      expect(JSON.stringify(body)).toContain('position.datum')
    }
    await setUp({})
  })
})

describe('finding', () => {
  it('by words of one or more characters, tier, tag, owner, and what waits for a visit', async () => {
    const shop = await stage().add('rep2', {
      name: '鸿运便利店（新沙路店）',
      address: '福田区新沙路 8 号',
      tier: 'A',
      tags: ['冷柜'],
      position: place(22.55),
    })
    const day = (n: number) => [{ customerId: shop.id, at: NOW - n * DAY }]
    await noteVisited(stage().db, ORG, day(20))
    for (const query of [
      'q=鸿运',
      'q=新沙路%208',
      'q=运',
      'q=便利店(新',
      'tag=冷柜',
      'tier=A',
      'overdue=true',
    ])
      expect(await names('rep2', `?${query}`), query).toEqual([shop.name])
    for (const query of ['q=鸿便', 'q=%25', 'q=_', 'tag=冷', 'tier=B', 'placed=false&owner=me'])
      expect(await names('rep2', `?${query}`), query).toEqual([])
    const onMap = async (tag: string) => {
      const query = `bbox=113,21,115,24&zoom=19&tag=${encodeURIComponent(tag)}`
      const { body } = await stage().get(`${API}/clusters?${query}`, 'rep2')
      const { total, customers } = Clusters.parse(body)
      return [total, customers.map(({ name }) => name)]
    }
    expect(await onMap('冷柜')).toEqual([1, [shop.name]])
    expect(await onMap('冷')).toEqual([0, []])
    const near = await names('rep2', `?sort=near&lng=${HERE.lng}&lat=22.551&owner=me`)
    expect(near[0]).toBe(shop.name)
    await noteVisited(stage().db, ORG, day(1))
    expect(await names('rep2', '?overdue=true')).toEqual([])
    expect(await names('rep2', '?owner=pool')).not.toContain(shop.name)
    expect((await stage().get(`${API}?sort=near`, 'rep2')).status).toBe(422)
    expect((await stage().get(`${API}/clusters?bbox=1,2,3&zoom=3`, 'rep2')).status).toBe(422)
  })

  it('names customers that may be the same, without telling more of those one may not see', async () => {
    const alike = async (who: string, query: string) => {
      const { status, body } = await stage().get(`${API}/duplicates?${query}`, who)
      expect(status).toBe(200)
      return Duplicates.parse(body).duplicates
    }
    const [found] = await alike(
      'rep3',
      `name=${encodeURIComponent('深圳鸿运便利店新沙路店')}&lng=114.05&lat=22.5501`,
    )
    expect(found).toMatchObject({ name: '鸿运便利店（新沙路店）', address: null })
    expect(found?.metres).toBeLessThan(20)
    expect((await alike('rep2', 'name=鸿运便利店新沙路店'))[0]?.address).toBe('福田区新沙路 8 号')
    expect(await alike('rep2', 'name=万家福大药房&lng=114.05&lat=22.5501')).toEqual([])
    expect((await stage().get(`${API}/duplicates`, 'rep2')).status).toBe(422)
  })

  it('finds the same shop among 3,000 branches of its chain: the near one, and the one of the same name anywhere', async () => {
    const branch = (n: number) => ({
      ...{ id: uuid(), name: `好邻居便利店第${n}分店`, address: null, tier: null, radius: 100 },
      ...{ lng: 100 + n / 1000, lat: 30 },
    })
    await insertCustomers(
      stage().db,
      ORG,
      Array.from({ length: 3000 }, (_, n) => branch(n)),
    )
    const first = async (query: string) => {
      const { body } = await stage().get(`${API}/duplicates?${query}`, 'admin')
      return Duplicates.parse(body).duplicates.map(({ name }) => name)[0]
    }
    expect(await first('name=好邻居便利店第2987分店')).toBe('好邻居便利店第2987分店')
    expect(await first('name=好邻居便利店第2987分店&lng=100&lat=30')).toBe('好邻居便利店第2987分店')
    expect(await first('name=好邻居便利第1234分店&lng=101.2339&lat=30')).toBe(
      '好邻居便利店第1234分店',
    )
  })
})
