import { v7 as uuid } from 'uuid'
import type { Stage } from './stage.ts'
import { AT_HOME, DUTY, HERE, NOW } from './companies.ts'

/** A promise is proven when its proof ends; what it answers is what was seen. */
export interface Promised {
  promise: string
  proof: (stage: Stage) => Promise<string>
}

/** Said of a promise that is not kept. */
export class Broken extends Error {}

export function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Broken(otherwise)
}

export const fix = (at: number, place = HERE) => ({ id: uuid(), at, ...place, datum: 'wgs84', accuracy: 10 }) // prettier-ignore

export const report = (stage: Stage, who: string, fixes: object[], orgId = 'o1') =>
  stage.ask(who, '/api/v1/fixes', { orgId, body: { sentAt: stage.clock.at, fixes } })

export async function agree(stage: Stage, who: string, given = true, orgId = 'o1') {
  const me = await stage.ask(who, '/api/v1/me', { orgId })
  const version = /"version":"([^"]+)"/.exec(me.text)?.[1] ?? ''
  return stage.ask(who, '/api/v1/consent', { orgId, body: { version, given } })
}

/** Nothing of a place is in any table, in what was told, or in the log. */
export async function nowhere(stage: Stage, place: { lng: number; lat: number }): Promise<void> {
  for (const number of [String(place.lng), String(place.lat)]) {
    const tables = await stage.rowsWith(number)
    must(tables.length === 0, `${number} is in ${tables.join(', ')}`)
    must(!stage.told.some((line) => line.includes(number)), `${number} was told to listeners`)
    must(!stage.logged.some((line) => line.includes(number)), `${number} is in the log`)
  }
}

const count = async (stage: Stage) => (await stage.rowsWith('', ['fixes', 'last_positions'])).length

export const CONSENT: Promised[] = [
  {
    promise: 'Without consent nothing is kept',
    proof: async (stage) => {
      const { text } = await report(stage, 'rep1', [fix(NOW - 60_000)])
      must(text.includes('no_consent'), `a report was answered with ${text}`)
      must((await count(stage)) === 0, 'there are rows of positions')
      await nowhere(stage, HERE)
      return 'refused: no_consent; no row, no news, no log line'
    },
  },
  {
    promise: 'Consent is to the present text only',
    proof: async (stage) => {
      const body = { version: '2020-01', given: true }
      const { status } = await stage.ask('rep1', '/api/v1/consent', { body })
      must(status === 409, `consent to an old text was answered with ${status}`)
      const { text } = await report(stage, 'rep1', [fix(NOW - 60_000)])
      must(text.includes('no_consent'), `a report was answered with ${text}`)
      return 'an old version is refused with 409, and reports stay refused'
    },
  },
  {
    promise: 'Who withdraws consent is not tracked from that moment on',
    proof: async (stage) => {
      for (const who of ['rep1', 'rep2', 'rep3'])
        must((await agree(stage, who)).status === 200, `${who} could not consent`)
      stage.clock.at += 60_000
      const good = await report(stage, 'rep3', [fix(stage.clock.at - 1000)])
      must(
        good.text.includes('"accepted":1'),
        `with consent a report was answered with ${good.text}`,
      )
      await agree(stage, 'rep3', false)
      stage.clock.at += 60_000
      const { text } = await report(stage, 'rep3', [fix(stage.clock.at - 1000, AT_HOME)])
      must(text.includes('no_consent'), `a report was answered with ${text}`)
      await nowhere(stage, AT_HOME)
      return 'the next report is refused, of his place nothing is anywhere'
    },
  },
]

export const ON_DUTY: Promised[] = [
  {
    promise: 'Off duty nothing is kept, logged or told',
    proof: async (stage) => {
      await agree(stage, 'rep1')
      const at = stage.clock.at
      stage.clock.at = DUTY.to + 3_600_000
      const { text } = await report(stage, 'rep1', [fix(DUTY.to + 1_800_000, AT_HOME)])
      stage.clock.at = at
      must(text.includes('off_duty'), `a report was answered with ${text}`)
      await nowhere(stage, AT_HOME)
      return 'refused at the door: off_duty; of the place nothing is in any table, news or log line'
    },
  },
  {
    promise: 'A device token reports and reads nothing',
    proof: async (stage) => {
      const own = '/api/v1/people/rep1/days/2026-11-23'
      const { status } = await stage.ask('rep1', own, { kind: 'device' })
      must(status === 403, `his own day was answered with ${status}`)
      return 'his own day is refused to it with 403'
    },
  },
]
