import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

/** Not `execFileSync`: while nothing else runs, lines to a server of this process die unseen. */
const run = promisify(execFile)

/** Debian's own Python, where its packages are; another may stand before it on the path. */
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

const SCRIPT = `
import sys, json, datetime, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
def plain(value):
    if isinstance(value, datetime.timedelta): return round(value.total_seconds() / 60)
    if isinstance(value, datetime.datetime): return value.isoformat(sep=' ')
    if isinstance(value, datetime.time): return value.hour * 60 + value.minute
    return value
print(json.dumps([{
    'name': sheet.title,
    'frozen': sheet.freeze_panes,
    'filter': sheet.auto_filter.ref,
    'printed': {
        'rows': sheet.print_title_rows, 'columns': sheet.print_title_cols,
        'wide': sheet.page_setup.fitToWidth, 'orientation': sheet.page_setup.orientation,
    },
    'widths': [sheet.column_dimensions[c].width for c in sorted(sheet.column_dimensions)],
    'rows': [[{
        'value': plain(cell.value), 'type': cell.data_type, 'format': cell.number_format,
        'fill': cell.fill.fgColor.rgb if cell.fill.fill_type else None, 'bold': bool(cell.font.b),
        'quoted': bool(cell.quotePrefix),
    } for cell in row] for row in sheet.iter_rows()],
} for sheet in book.worksheets]))
`

const Cell = z.object({
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]), // durations and times in minutes
  type: z.string(), // s text, n number, d date, f formula
  format: z.string(),
  fill: z.string().nullable(),
  bold: z.boolean(),
  quoted: z.boolean(),
})
const ReadSheet = z.object({
  name: z.string(),
  frozen: z.string().nullable(),
  filter: z.string().nullable(),
  printed: z.object({
    rows: z.string().nullable(), // repeated on every page
    columns: z.string().nullable(),
    wide: z.number(), // pages
    orientation: z.string(),
  }),
  widths: z.array(z.number()),
  rows: z.array(z.array(Cell)),
})
export type ReadSheet = z.infer<typeof ReadSheet>

/** A workbook cell by cell, as openpyxl (a reader that shares no code with our writer) sees it. */
export async function readWorkbook(file: string): Promise<ReadSheet[]> {
  const { stdout } = await run(python, ['-c', SCRIPT, file], { encoding: 'utf8', maxBuffer: 1e9 })
  return z.array(ReadSheet).parse(JSON.parse(stdout))
}

/**
 * A file as LibreOffice converts it, into a folder. @param to e.g. `csv:Text - txt - csv
 * (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1`, which gives a file a sheet
 */
export async function convertWorkbook(file: string, to: string, folder: string): Promise<void> {
  const profile = mkdtempSync(path.join(tmpdir(), 'zuji-office-'))
  const words = [`-env:UserInstallation=file://${profile}`, '--headless', '--convert-to', to]
  try {
    await run('soffice', [...words, '--outdir', folder, file])
  } finally {
    rmSync(profile, { recursive: true, force: true })
  }
}
