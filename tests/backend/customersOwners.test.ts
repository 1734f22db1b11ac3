import { describe, expect, it } from 'vitest'
import { Clusters } from '../../backend/contract/clusters.ts'
import { CustomerDetails } from '../../backend/contract/customers.ts'
import { CustomerSettings } from '../../backend/contract/customerSettings.ts'
import { API, HERE, regionsStage } from './customersStage.ts'

const { id, stage, names, details, history, setUp } = regionsStage()

const ALL = ['rep1 的店', 'rep2 的店', 'rep3 的店', '北区公海', '南区公海', '总部公海']
const SEEN: Record<string, string[]> = {
  rep1: ['rep1 的店', '北区公海', '总部公海'],
  rep3: ['rep3 的店', '南区公海', '总部公海'],
  leadN: ['rep1 的店', 'rep2 的店', '北区公海', '总部公海'],
  boss: ALL,
  hr: ALL,
  admin: ALL,
}

describe('who sees which customers', () => {
  it.each(Object.keys(SEEN))('%s: in lists, on the map, near him, by id', async (who) => {
    const seen = [...(SEEN[who] ?? [])].sort()
    expect((await names(who)).sort()).toEqual(seen)
    const near = await stage().get(`${API}/nearby?lng=${HERE.lng}&lat=${HERE.lat}`, who)
    const shops = seen.filter((name) => name.endsWith('店'))
    expect(JSON.stringify(near.body).match(/的店/g)?.length ?? 0).toBe(shops.length)
    const { body } = await stage().get(`${API}/clusters?bbox=114,22,115,23&zoom=19`, who)
    expect(Clusters.parse(body).total).toBe(shops.length)
    for (const [key, customer] of Object.entries(id)) {
      const { name } = await details(key)
      const expected = seen.includes(name) ? 200 : 404
      expect((await stage().get(`${API}/${customer}`, who)).status, name).toBe(expected)
      expect((await stage().get(`${API}/${customer}/history`, who)).status, name).toBe(expected)
    }
  })

  it('opens the department or everything to reps where the company says so', async () => {
    await setUp({ repsSee: 'department' })
    expect((await names('rep1')).sort()).toEqual([...(SEEN['leadN'] ?? [])].sort())
    await setUp({ repsSee: 'all' })
    expect((await names('rep1')).sort()).toEqual([...ALL].sort())
    await setUp({})
  })
})

describe('who changes what', () => {
  const change = (version: number) => ({ name: '新名', version })
  it.each([
    ['rep1', ['rep1']],
    ['leadN', ['rep1', 'rep2', 'northPool']],
    ['leadS', ['rep3', 'southPool']],
    ['hr', []],
  ])('%s', async (who, mine) => {
    for (const [key, customer] of Object.entries(id)) {
      const { version, name, code } = await details(key)
      const path = `${API}/${customer}`
      const { status } = await stage().put(path, who, { ...change(version), code, name })
      const seen = SEEN[who]?.includes(name) ?? !name.includes('北') // leadS sees the south and the root
      if (mine.includes(key)) expect(status, key).toBe(200)
      else expect([403, 404], `${key} ${seen}`).toContain(status)
      const archived = await stage().post(`${path}/archive`, who, '')
      expect(archived.status === 200, key).toBe(mine.includes(key))
      if (mine.includes(key))
        expect((await stage().post(`${path}/restore`, who, '')).status).toBe(200)
    }
  })

  it('refuses the signed out, devices, and what is no customer', async () => {
    expect((await stage().post(API, null, { name: 'x' })).status).toBe(401)
    expect((await stage().post(API, 'rep1', { name: 'x' }, 'device')).status).toBe(403)
    expect((await stage().post(API, 'hr', { name: 'x' })).status).toBe(403)
    for (const [input, field] of [
      [{}, 'name'],
      [{ name: '  ' }, 'name'],
      [{ name: 'a\0b' }, 'name'],
      [{ name: 'x'.repeat(101) }, 'name'],
      [{ name: 'x', tier: 'D' }, 'tier'],
      [{ name: 'x', radius: 6000 }, 'radius'],
      [{ name: 'x', position: { lng: 200, lat: 0 } }, 'position.lng'],
      [{ name: 'x', custom: { unknown: 'y' } }, 'custom.unknown'],
    ] as const) {
      const { status, body } = await stage().post(API, 'rep1', input)
      expect(status, field).toBe(422)
      expect(JSON.stringify(body), field).toContain(field)
    }
    const stranger = { name: 'x', ownerId: 'rep2' }
    expect((await stage().post(API, 'rep1', stranger)).status).toBe(403)
    expect((await stage().post(API, 'leadS', stranger)).status).toBe(403)
    expect((await stage().post(API, 'admin', { name: 'x', ownerId: 'nobody' })).status).toBe(422)
  })

  it('adds one customer for the same id, and none for the id of somebody else’s', async () => {
    const input = { id: '0193a000-0000-7000-8000-00000000000a', name: '<b>=1+1</b>' }
    const first = await stage().add('rep2', input)
    expect(await stage().add('rep2', input)).toEqual(first)
    expect(first.name).toBe('<b>=1+1</b>')
    expect((await stage().post(API, 'rep1', input)).status).toBe(404)
    await stage().post(`${API}/${first.id}/archive`, 'rep2', '')
  })

  it('keeps who changed what, and refuses to write over a change it has not seen', async () => {
    const { version } = await details('rep2')
    const path = `${API}/${id['rep2']}`
    const input = {
      name: 'rep2 的店',
      code: 'rep2',
      address: '深南大道 1 号',
      tags: ['大'],
      version,
    }
    expect((await stage().put(path, 'rep2', input)).status).toBe(200)
    expect((await stage().put(path, 'rep2', { ...input, tier: 'A' })).status).toBe(409)
    expect((await stage().put(path, 'rep2', input)).status).toBe(200) // nothing to write
    const [last] = await history('rep2')
    expect(last).toMatchObject({ by: '名 rep2', kind: 'changed' })
    expect(last?.changes).toEqual({ address: [null, '深南大道 1 号'], tags: [[], ['大']] })
    expect((await stage().post(API, 'rep1', { name: 'x', code: 'rep3' })).status).toBe(409)
  })

  it('checks the company’s own fields, and keeps values of fields that are gone', async () => {
    const fields = [
      { key: 'kind', label: '类型', kind: 'choice', choices: ['药店', '超市'], required: true },
      { key: 'size', label: '面积', kind: 'number' },
      { key: 'since', label: '开业', kind: 'date' },
    ]
    expect(CustomerSettings.parse((await setUp({ fields })).body).fields).toHaveLength(3)
    for (const custom of [
      {},
      { kind: '网吧' },
      { kind: '药店', size: '大' },
      { kind: '药店', since: '2026-13-01' },
    ])
      expect((await stage().post(API, 'rep1', { name: 'x', custom })).status).toBe(422)
    const custom = { kind: '药店', size: 80, since: '2020-02-29' }
    const added = await stage().add('rep1', { name: '有字段', custom })
    expect(added.custom).toEqual(custom)
    await setUp({ fields: [fields[1]] })
    const later = { name: '有字段', custom: { size: 90 }, version: added.version }
    expect((await stage().put(`${API}/${added.id}`, 'rep1', later)).status).toBe(200)
    await setUp({ fields })
    const { body } = await stage().get(`${API}/${added.id}`, 'rep1')
    expect(CustomerDetails.parse(body).custom).toEqual({ ...custom, size: 90 })
    expect((await setUp({ fields: [fields[0], fields[0]] })).status).toBe(422)
    expect((await setUp({ fields: [{ ...fields[0], choices: [] }] })).status).toBe(422)
    expect((await stage().put(`${API}/settings`, 'hr', {})).status).toBe(403)
    await setUp({})
    await stage().post(`${API}/${added.id}/archive`, 'rep1', '')
  })
})
