import { createContacts, createPeople } from '../../backend/people/index.ts'
import { Contacts } from '../../backend/contract/contacts.ts'
import { consentOf } from '../../backend/privacy/index.ts'
import { createWecom } from '../../backend/wecom/index.ts'
import {
  createWecomSim,
  type SimDepartment,
  type SimMember,
} from '../../fixtures/wecom-sim/index.ts'
import { sql } from '../../backend/core/sql.ts'
import { NOW, openCompany, ORG } from './company.ts'

export const DEPARTMENTS: readonly SimDepartment[] = [
  { id: '1', parentId: null, name: '总部' },
  { id: '2', parentId: '1', name: '北区', leaderId: 'leadN' },
  { id: '3', parentId: '1', name: '南区', leaderId: 'leadS' },
]

export const member = (
  id: string,
  departmentId: string,
  more: Partial<SimMember> = {},
): SimMember => ({
  id,
  name: `名 ${id}`,
  role: 'rep',
  departmentId,
  position: '客户经理',
  ...more,
})

/** The people of `openCompany`, as their company's directory would have them. */
export const MEMBERS: readonly SimMember[] = [
  member('boss', '1', { leads: ['1'] }),
  member('hr', '1'),
  member('admin', '1'),
  member('leadN', '2'),
  member('leadS', '3'),
  member('rep1', '2'),
  member('rep2', '2'),
  member('rep3', '3'),
]

export const changed = (id: string, more: Partial<SimMember>) =>
  MEMBERS.map((each) => (each.id === id ? { ...each, ...more } : each))

interface Row {
  id: string
  userId: string | null
  name: string
  departmentId: string
  circles: string[]
  leads: string[]
  role: string
  active: boolean
}

export type ContactsCompany = Awaited<ReturnType<typeof openContactsCompany>>

/** A company beside a simulated WeCom; waits cost no time but move the clock. */
export async function openContactsCompany() {
  const simClock = { at: NOW, now: () => simClock.at }
  const sim = createWecomSim({
    corpId: 'ww0000000000000001',
    agentId: '1000002',
    secret: 'a-secret-of-tests',
    people: MEMBERS,
    departments: DEPARTMENTS,
    clock: simClock,
    publicBase: 'http://127.0.0.1:1/wecom-sim',
    trustedHosts: [],
  })
  const waits: number[] = []
  const opened: ReturnType<typeof createContacts>[] = []
  const company = await openCompany((kit) => {
    const wait = async (ms: number) => {
      waits.push(ms)
      simClock.at += ms
    }
    const clock = { now: () => simClock.now() }
    const wecom = createWecom({ ...sim.settings, clock, log: kit.log, wait, random: () => 0.5 })
    const parts = {
      consent: consentOf(kit),
      map: { tiles: null, datum: 'wgs84', attribution: '' } as const,
      wecom: { corpId: 'ww1', agentId: '1' },
    }
    const timed = { ...kit, clock }
    const contacts = createContacts(timed, wecom, ORG, wait)
    opened.push(contacts)
    return [createPeople(kit, wecom, parts, ORG), contacts]
  })
  const [contacts] = opened
  if (!contacts) throw new Error('no contacts')
  company.kit.facts.on('personChanged', (fact) =>
    company.identity.forgetPerson(fact.orgId, fact.personId),
  )
  const post = async (path: string, personId: string | null, body: unknown = {}) => {
    const headers = {
      'content-type': 'application/json',
      ...(personId && { authorization: `Bearer ${await company.tokenOf(personId)}` }),
    }
    const response = await fetch(company.url + path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    const reply: unknown = await response.json()
    return { status: response.status, body: reply }
  }
  const state = async () =>
    Contacts.parse((await company.get('/api/v1/contacts/sync', 'admin')).body)
  const synced = async () => {
    const asked = await post('/api/v1/contacts/sync', 'admin')
    if (asked.status !== 200) throw new Error(`refused: ${asked.status}`)
    await contacts.sync.idle()
    return state()
  }
  const decided = async (word: 'approve' | 'refuse') => {
    const { pending } = await state()
    const asked = await post(`/api/v1/contacts/sync/${word}`, 'admin', { id: pending?.id })
    if (asked.status !== 200) throw new Error(`refused: ${asked.status}`)
    await contacts.sync.idle()
    return state()
  }
  const rows = () =>
    company.db.many<Row>(sql`
      select id, user_id as "userId", name, department_id as "departmentId", circles, leads, role, active
      from people where org_id = ${ORG} order by id collate "C"`)
  return {
    ...company,
    sim,
    simClock,
    waits,
    contacts,
    post,
    state,
    /** Reads everything as an admin asks for it, and answers how it stands then. */
    synced,
    decided,
    rows,
    async person(id: string) {
      const found = (await rows()).find((each) => each.id === id)
      if (!found) throw new Error(`${id} is not there`)
      return found
    },
    /** Everybody and everything as at the beginning, and followed. */
    async restored() {
      sim.directory.replace(MEMBERS, DEPARTMENTS)
      if ((await synced()).pending) await decided('approve')
    },
  }
}
