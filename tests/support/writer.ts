// A program that opens the embedded database of the folder it is given and says each row it was
// acknowledged. A test kills it.
import { connect } from '../../backend/core/connect.ts'
import { createLog } from '../../backend/core/log.ts'
import { sql } from '../../backend/core/sql.ts'

const dataDir = process.argv[2] ?? ''
const db = await connect({ dataDir, log: createLog('silent'), root: '' })
for (let id = 1; ; id++) {
  await db.run(sql`insert into written (id) values (${id})`)
  process.stdout.write(`${id}\n`)
}
