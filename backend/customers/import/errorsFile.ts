import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { RowError } from '../../contract/customerImport.ts'
import type { FileStore } from '../../core/files.ts'
import { CSV_TYPE, writeCsv } from '../../core/sheets/writeCsv.ts'
import { bothRules } from './faults.ts'

const COLUMNS = [
  { title: '行 line', kind: 'whole' as const },
  { title: '列 field', kind: 'text' as const },
  { title: '规则 rule', kind: 'text' as const },
  { title: '内容 value', kind: 'text' as const },
]

/** The rows of a file that could not be taken, as a CSV that names line, column and rule, in both languages. */
export async function errorsFile(files: FileStore, name: string, errors: readonly RowError[]) {
  const sink = new PassThrough()
  const rows = errors.map((error) => [error.line, error.field, bothRules(error), error.value])
  const [content] = await Promise.all([
    buffer(sink),
    writeCsv(sink, { columns: COLUMNS, rows: [rows] }),
  ])
  const { sha256 } = await files.put(content)
  return { sha256, name: `${name.replace(/\.[^.]*$/, '')}-errors.csv`, type: CSV_TYPE }
}
