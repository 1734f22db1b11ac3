import { v7 as uuid } from 'uuid'
import { raw } from 'sql-template-tag'
import sharp from 'sharp'
import { sql } from '../../core/sql.ts'
import { PERSONAL } from '../../personal.ts'
import { KEPT } from '../../privacy/index.ts'
import type { Stage } from './stage.ts'
import { DATE, DAY_MS, HERE, MARKS } from './companies.ts'
import { agree, fix, must, report, type Promised } from './promises.ts'

const WORDS = '拾荒的话'

/** A day with positions, a photo and a check-in with words. */
async function live(stage: Stage, who: string): Promise<void> {
  await agree(stage, who)
  stage.clock.at += 60_000
  const at = stage.clock.at
  await report(stage, who, [fix(at - 30_000), fix(at - 20_000), fix(at - 10_000)])
  const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: '#7a9' } })
  const photo = await stage.ask(who, '/api/v1/photos', { body: new Uint8Array(await picture.jpeg().toBuffer()) }) // prettier-ignore
  const photoIds = [/"id":"([^"]+)"/.exec(photo.text)?.[1] ?? '']
  const position = { ...HERE, accuracy: 10, datum: 'wgs84', at }
  const body = { id: uuid(), at, kind: 'in', place: '门口', note: WORDS, position, photoIds }
  const { status, text } = await stage.ask(who, '/api/v1/checkins', { body })
  must(status === 200, `a check-in was answered with ${text}`)
  must((await stage.ask(who, `/api/v1/people/${who}/days/${DATE}`)).status === 200, 'no day')
}

/** Rows of a person in each table that has any. */
async function rowsOf(stage: Stage, who: string): Promise<Record<string, number>> {
  const rows: Record<string, number> = {}
  for (const { name, key } of PERSONAL) {
    const row = await stage.db.first<{ rows: number }>(sql`
      select count(*)::int as rows from ${raw(name)} t
      where t.org_id = 'o1' and ${raw(key ?? 'person_id')} = ${who}`)
    if (row && row.rows > 0) rows[name] = row.rows
  }
  return rows
}

export const RIGHTS: Promised[] = [
  {
    promise: 'A person gets all that is known of him, and nothing of others',
    proof: async (stage) => {
      await live(stage, 'rep2')
      const { status, text } = await stage.ask('rep2', '/api/v1/me/data')
      must(status === 200, `the copy was answered with ${status}`)
      for (const { name } of PERSONAL) must(text.includes(`"${name}":`), `the copy has no ${name}`)
      for (const known of [WORDS, String(HERE.lng)]) must(text.includes(known), `the copy misses ${known}`) // prettier-ignore
      for (const strange of ['rep1', 'rep3', MARKS.o2, 'token_hash']) must(!text.includes(strange), `the copy has ${strange}`) // prettier-ignore
      return `${PERSONAL.length} tables in one file`
    },
  },
  {
    promise: 'Erasure takes at once what proves no work',
    proof: async (stage) => {
      const address = '/api/v1/people/rep2/erasure'
      must((await stage.ask('admin', address, { body: {} })).status === 409, 'who works here was erased') // prettier-ignore
      await stage.db.run(sql`update ${raw('people')} set active = false where org_id = 'o1' and id = 'rep2'`) // prettier-ignore
      const before = await rowsOf(stage, 'rep2')
      const { status, text } = await stage.ask('admin', address, { body: {} })
      must(status === 200, `the erasure was answered with ${text}`)
      const left = await rowsOf(stage, 'rep2')
      const wrong = PERSONAL.filter(({ name, erase }) => erase === 'now' && name in left)
      must(wrong.length === 0, `rows are left in ${wrong.map(({ name }) => name).join(', ')}`)
      return `rows in ${Object.keys(before).length} tables before, in ${Object.keys(left).length} after: those prove work`
    },
  },
]

export const RETENTION: Promised[] = [
  {
    promise: 'Positions go after 30 days, in whole weeks',
    proof: async (stage) => {
      await live(stage, 'rep1')
      must(
        (await stage.rowsWith('', ['fixes'])).length === 1,
        'there are no positions to begin with',
      )
      stage.clock.at += 38 * DAY_MS
      await stage.tend('fixes: partitions', 'privacy')
      const left = await stage.rowsWith('', ['fixes', 'last_positions'])
      must(left.length === 0, `rows are left in ${left.join(', ')}`)
      return 'the week of that Monday is dropped, the last positions are gone'
    },
  },
  {
    promise: 'Days lose places, lines and words after 180 days; their totals stay',
    proof: async (stage) => {
      stage.clock.at += 144 * DAY_MS
      await stage.tend('privacy')
      must(
        (await stage.rowsWith('totals', ['track_days'])).length === 1,
        'the totals are gone, too',
      )
      for (const gone of ['"line"', '"place"', '113.9'])
        must((await stage.rowsWith(gone, ['track_days'])).length === 0, `a day still has ${gone}`)
      return 'days are reduced to what was added up, and locked'
    },
  },
  {
    promise: 'Everything else with a time goes when that is over',
    proof: async (stage) => {
      stage.clock.at += 731 * DAY_MS
      await stage.tend('privacy')
      const kept = PERSONAL.filter(({ keep, reduce }) => keep && !reduce)
      for (const { name, keep = 'looks', from, at } of kept) {
        const before = stage.clock.at - KEPT[keep].days * DAY_MS
        const row = await stage.db.first<{ rows: number }>(sql`
          select count(*)::int as rows from ${raw(name)} t
          where ${raw(from ?? at)} < to_timestamp(${before}::float8 / 1000)`)
        must(row?.rows === 0, `${name} has ${row?.rows} rows older than ${KEPT[keep].days} days`)
      }
      const files: string[] = []
      for await (const file of stage.kit.files.list()) files.push(file)
      must(files.length === 0, `${files.length} photos are left`)
      return `${kept.length} tables, photos with their files`
    },
  },
  {
    promise: 'After the time for which wages must be proven no row names an erased person',
    proof: async (stage) => {
      for (const words of [`${MARKS.o1}名rep2`, WORDS]) {
        const tables = (await stage.rowsWith(words)).filter((name) => name !== 'checkins')
        must(tables.length === 0, `${words} is still in ${tables.join(', ')}`)
      }
      const left = await rowsOf(stage, 'rep2')
      const empty = PERSONAL.filter(({ rewrite, erase }) => rewrite || erase === 'kept')
      const wrong = Object.keys(left).filter((name) => !empty.some((each) => each.name === name))
      must(wrong.length === 0, `rows are left in ${wrong.join(', ')}`)
      const said = await stage.db.first<{ rows: number }>(sql`
        select count(*)::int as rows from checkins c
        where c.org_id = 'o1' and c.person_id = 'rep2' and (c.note is not null or c.lng is not null)`)
      must(said?.rows === 0, 'a check-in still says something')
      return `left: ${Object.keys(left).join(', ')}, without name, words or place`
    },
  },
]
