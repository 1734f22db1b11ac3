import { Readable } from 'node:stream'
import type { Db } from '../core/db.ts'
import { copyOf, type Person } from './erase.ts'
import type { PersonalTable } from './personal.ts'

/** Everything that is known of a person as one JSON text, table by table; what is held is a page of rows. */
export const copyStream = (db: Db, tables: readonly PersonalTable[], who: Person, at: number) =>
  Readable.from(pieces(db, tables, { who, at }), { objectMode: false })

async function* pieces(
  db: Db,
  tables: readonly PersonalTable[],
  { who, at }: { who: Person; at: number },
): AsyncGenerator<string> {
  yield `{"person":${JSON.stringify(who.personId)},"at":${at},"tables":{`
  let before = ''
  for (const table of tables) {
    yield `${before}\n${JSON.stringify(table.name)}:[`
    let comma = ''
    for await (const rows of copyOf(db, table, who)) {
      if (rows.length === 0) continue
      yield comma + rows.map((row) => JSON.stringify(row)).join(',\n')
      comma = ',\n'
    }
    yield ']'
    before = ','
  }
  yield '}}\n'
}
