import { describe, expect, it } from 'vitest'
import { SetupCode, SetupState, SetupStep } from '../../backend/contract/wecomChecks.ts'
import { en } from '../../h5/messages/setup/en.ts'
import { zh } from '../../h5/messages/setup/zh.ts'
import { GUIDE } from '../../h5/settings/setupSteps.ts'

const textsOf = (words: object, prefix = ''): Map<string, string> =>
  new Map(
    Object.entries(words).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[prefix + key, value] as const]
        : [...textsOf(Object(value), `${prefix}${key}.`)],
    ),
  )
const namesIn = (text = '') => (text.match(/\{\w+\}/g) ?? []).sort()
const [chinese, english] = [textsOf(zh), textsOf(en)]

describe('the words of the setup guide', () => {
  it('are there in both languages and name the same things', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
    const differing = [...chinese].filter(
      ([key, text]) => String(namesIn(text)) !== String(namesIn(english.get(key))),
    )
    expect(differing).toEqual([])
  })

  it('have a sentence for every code, and one of what to do for each that is no good news', () => {
    const good =
      /^(reaches_wecom|address_answers|company_known|app_known|domain_trusted|verify_served|callback_heard|ip_allowed|contacts_read|attendance_granted|range_seen|home_set)$/
    for (const words of [chinese, english])
      for (const code of SetupCode.options) {
        expect(words.get(`code.${code}`), code).toBeTruthy()
        expect(words.has(`fix.${code}`), code).toBe(!good.test(code))
      }
  })

  it('have every step with its acts, its state and its path in the console', () => {
    expect(GUIDE.map(({ id }) => id)).toEqual(SetupStep.options)
    for (const words of [chinese, english]) {
      for (const state of SetupState.options) expect(words.get(`state.${state}`)).toBeTruthy()
      for (const { id, acts, inConsole } of GUIDE) {
        expect(words.has(`step.${id}.do.${acts}`), id).toBe(true)
        expect(words.has(`step.${id}.do.${acts + 1}`), id).toBe(false)
        expect(words.get(`step.${id}.path`) !== '', id).toBe(inConsole)
      }
    }
  })

  it('say in the console’s own words where each setting comes from', () => {
    const all = [...chinese.values()].join()
    for (const { settings } of GUIDE) for (const setting of settings) expect(all).toContain(setting)
  })
})

describe('what is to be copied', () => {
  const copies = (url: string) => GUIDE.map(({ copy }) => copy(url)).filter(Boolean)

  it('is made of the public address', () => {
    expect(copies('https://crm.example:8443')).toEqual([
      'PUBLIC_URL=https://crm.example:8443',
      'crm.example:8443',
      'https://crm.example:8443/wecom/callback/app',
      'https://crm.example:8443/wecom/callback/contacts',
      'https://crm.example:8443/',
    ])
  })

  it('is an example while there is none that WeCom could call', () => {
    for (const url of ['http://localhost:3000', 'http://10.0.0.1', '', 'no address'])
      expect(copies(url)[2]).toBe('https://zuji.example.com/wecom/callback/app')
  })
})
