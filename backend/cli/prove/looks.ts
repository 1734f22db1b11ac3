import type { Stage } from './stage.ts'
import { DATE, MARKS } from './companies.ts'
import { agree, fix, must, report, type Promised } from './promises.ts'

const day = (who: string) => `/api/v1/people/${who}/days/${DATE}`
const mine = '/api/v1/access-log/me'

export const LOOKS: Promised[] = [
  {
    promise: 'A look at a day is on record, and the person sees who looked when at which day',
    proof: async (stage) => {
      await agree(stage, 'rep1')
      stage.clock.at += 60_000
      const sent = await report(stage, 'rep1', [fix(stage.clock.at - 30_000), fix(stage.clock.at)])
      must(sent.text.includes('"accepted":2'), `a report was answered with ${sent.text}`)
      must((await stage.ask('leadN', day('rep1'))).status === 200, 'the supervisor sees no day')
      const { text } = await stage.ask('rep1', mine)
      const look = { at: stage.clock.at, viewerId: 'leadN', viewer: `${MARKS.o1}名leadN`, what: 'day', date: DATE } // prettier-ignore
      must(text.includes(JSON.stringify(look)), `the list says ${text}`)
      must((await stage.ask('rep1', day('rep1'))).status === 200, 'rep1 sees no day')
      must((await stage.ask('rep1', mine)).text === text, 'one’s own look was noted')
      return 'leadN looked at rep1’s day: rep1 reads name, time and day'
    },
  },
  {
    promise: 'Outside of one’s team nobody sees a day, whatever the purpose',
    proof: async (stage) => {
      const before = (await stage.ask('rep1', mine)).text
      for (const who of ['rep2', 'rep3', 'leadS']) {
        const { status } = await stage.ask(who, day('rep1'))
        must(status === 403, `${who} was answered with ${status}`)
      }
      must((await stage.ask('rep1', mine)).text === before, 'a refused look is among the looks')
      return 'colleagues and the supervisor of another team get 403'
    },
  },
  {
    promise: 'HR reads attendance without tracks, admins settings without tracks',
    proof: async (stage) => {
      for (const who of ['hr', 'admin']) {
        const { status } = await stage.ask(who, day('rep1'))
        must(status === 403, `${who} was answered with ${status}`)
      }
      return 'both get 403 for a day'
    },
  },
]

/** They speak of the one company that the server's WeCom belongs to. */
const OF_WECOM = /^\/api\/v1\/(contacts|wecom|attendance\/wecom)/

async function readable(stage: Stage, orgId: string): Promise<{ asked: number; text: string }> {
  let asked = 0
  let all = ''
  for (const { method, path } of stage.routes)
    for (const who of ['boss', 'hr', 'admin', 'rep1']) {
      if (method !== 'GET' || !path.startsWith('/api/v1/') || OF_WECOM.test(path)) continue
      const { status, text } = await stage.ask(who, filled(path), { orgId })
      if (status === 200) asked++
      all += text
    }
  return { asked, text: all }
}

const filled = (path: string) =>
  `${path
    .replace(':date', DATE)
    .replace(/:\w*[iI]d\b/g, 'rep1')
    .replace(/:\w+/g, 'x')}?date=${DATE}&month=${DATE.slice(0, 7)}&from=${DATE}&to=${DATE}`

export const COMPANIES: Promised[] = [
  {
    promise: 'Two companies never see each other',
    proof: async (stage) => {
      const { o1, o2 } = MARKS
      const before = (await stage.ask('rep1', mine)).text
      const theirs = await readable(stage, 'o2')
      must(theirs.asked > 20, `only ${theirs.asked} questions were answered`)
      must(theirs.text.includes(o2), 'they do not even see themselves')
      must(!theirs.text.includes(o1), 'a name of the other company was told')
      must(
        (await stage.ask('rep1', mine)).text === before,
        'they looked at a rep1 who is not theirs',
      )
      return `the same ids in both: ${theirs.asked} answers, not a word of the other`
    },
  },
]

export const LOG: Promised[] = [
  {
    promise: 'The log holds no position, no secret, no word of anybody',
    proof: (stage) => {
      const words = [
        ...stage.tokens.values(),
        '113.918',
        '22.536',
        ...Object.values(MARKS),
        '拾荒的话',
      ]
      must(stage.logged.length > 0, 'nothing was logged at all')
      for (const word of words)
        must(!stage.logged.some((line) => line.includes(word)), `the log has ${word}`)
      return Promise.resolve(`${stage.logged.length} lines at level trace, ${stage.tokens.size} tokens looked for`) // prettier-ignore
    },
  },
  {
    promise: 'A copy of the database opens no session',
    proof: async (stage) => {
      for (const token of stage.tokens.values()) {
        const tables = await stage.rowsWith(token)
        must(tables.length === 0, `a token is in ${tables.join(', ')}`)
      }
      return 'tokens are kept as hashes: none is in any row'
    },
  },
]
