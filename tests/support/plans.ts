import { z } from 'zod'
import type { Database, Db } from '../../backend/core/db.ts'
import type { Sql } from '../../backend/core/sql.ts'

/** How one table was walked through in a statement that was really sent. */
export interface Walk {
  table: string // the parent of a partition
  node: string // `Seq Scan`, `Index Scan`, …
  rows: number // read, those thrown away by a filter included; of statements that write 0: they are not run twice
  statement: string
}

interface Node {
  'Node Type': string
  'Relation Name'?: string | undefined
  'Actual Rows'?: number | undefined
  'Actual Loops'?: number | undefined
  'Rows Removed by Filter'?: number | undefined
  'Rows Removed by Index Recheck'?: number | undefined
  Plans?: Node[] | undefined
}
const Node: z.ZodType<Node> = z.lazy(() =>
  z.object({
    'Node Type': z.string(),
    'Relation Name': z.string().optional(),
    'Actual Rows': z.number().optional(),
    'Actual Loops': z.number().optional(),
    'Rows Removed by Filter': z.number().optional(),
    'Rows Removed by Index Recheck': z.number().optional(),
    Plans: z.array(Node).optional(),
  }),
)
const Explained = z.tuple([
  z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: Node }).loose()]) }).loose(),
])

/**
 * A database that asks for the plan of each statement, with its very values, before it runs it: inside
 * the same transaction, so what it reads there is what the statement reads.
 */
export function explaining(db: Database, walks: Walk[]): Database {
  const over = (inner: Db): Db => {
    const explain = async ({ text, values }: Pick<Sql, 'text' | 'values'>) => {
      if (!/^\s*(select|with|insert|update|delete)\b/i.test(text)) return
      const reads =
        /^\s*select\b/i.test(text) && !/\bfor update\b|nextval|pg_notify|_lock/i.test(text)
      const how = reads ? 'analyze, timing off, format json' : 'format json'
      const { rows } = await inner.raw(`explain (${how}) ${text}`, values)
      walks.push(...walksOf(Explained.parse(rows)[0]['QUERY PLAN'][0].Plan, text))
    }
    return {
      many: async (query) => (await explain(query), inner.many(query)),
      first: async (query, name) => (await explain(query), inner.first(query, name)),
      run: async (query) => (await explain(query), inner.run(query)),
      raw: async (text, values = []) => inner.raw(text, values),
      transact: (work) => inner.transact((tx) => work(over(tx))),
    }
  }
  return { ...db, ...over(db) }
}

function walksOf(node: Node, statement: string): Walk[] {
  const below = (node.Plans ?? []).flatMap((each) => walksOf(each, statement))
  const relation = node['Relation Name']
  if (!relation || !/Scan/.test(node['Node Type'])) return below
  const loops = node['Actual Loops'] ?? 1
  const removed =
    (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
  const rows = ((node['Actual Rows'] ?? 0) + removed) * loops
  const table = relation.replace(/^fixes_.*/, 'fixes')
  return [{ table, node: node['Node Type'], rows, statement }, ...below]
}
