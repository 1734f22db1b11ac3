import { z } from 'zod'
import { ImportOptions, ImportReply } from '../../contract/customerImport.ts'
import { Fault } from '../../core/errors.ts'
import type { Kit } from '../../core/kit.ts'
import { isAdmin, route, Upload, type Route, type Viewer } from '../../core/http/route.ts'
import { parseJson } from '../../core/http/body.ts'
import { XLSX_TYPE } from '../../core/sheets/writeXlsx.ts'
import type { JobsDoor } from '../../jobs/index.ts'
import { headImport, importJob, LIMITS, tryImport } from './index.ts'

export const IMPORT = 'customers.import'

/** As browsers and phones call tables; what a file is says its content. */
const TYPES = [
  XLSX_TYPE,
  'text/csv',
  'text/plain',
  'application/csv',
  'application/vnd.ms-excel',
  'application/octet-stream',
  'application/zip',
]
const MOST_BYTES = 30_000_000

export function importRoutes(kit: Kit, jobs: JobsDoor): Route[] {
  jobs.define(IMPORT, importJob(kit))
  return [
    route({
      method: 'POST',
      path: '/api/v1/customers/import',
      summary:
        'Takes customers from a CSV or XLSX file: what it would do, or (without dryRun) a job that does it',
      query: z.object({
        dryRun: z.stringbool().default(false),
        options: z.string().max(20_000).optional(), // ImportOptions as JSON, of a raw body
        name: z.string().max(200).optional(),
        rows: z.coerce.number().int().min(0).max(LIMITS.rows).optional(), // as a dry run counted, for the progress
      }),
      bytes: { types: TYPES, most: MOST_BYTES },
      input: Upload,
      reply: ImportReply,
      allow: isAdmin,
      run: async ({ viewer, query, input }) => {
        const options = optionsOf(query.options ?? input.fields['options'] ?? '{}')
        const given = { content: input.content, options, now: kit.clock.now() }
        if (query.dryRun) return { ...(await tryImport(kit.db, viewer.orgId, given)), jobId: null }
        const told = await headImport(kit.db, viewer.orgId, given)
        const jobId = await begin({ kit, jobs, viewer }, input.content, {
          name: input.name || query.name || 'customers',
          rows: query.rows ?? null,
          mapping: told.mapping,
          datum: options.datum,
        })
        return { ...told, counts: null, jobId }
      },
    }),
  ]
}

/** Keeps the file and starts the job that reads it. @returns the job's id */
async function begin(
  { kit, jobs, viewer }: { kit: Kit; jobs: JobsDoor; viewer: Viewer },
  content: Uint8Array,
  rest: object,
): Promise<string> {
  const { sha256 } = await kit.files.put(content)
  const input = { ...rest, file: sha256, startedAt: kit.clock.now() }
  return jobs.start(kit.db, { orgId: viewer.orgId, personId: viewer.id, kind: IMPORT, input })
}

function optionsOf(text: string): ImportOptions {
  const parsed = ImportOptions.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  throw new Fault('bad_input', `options.${first?.path.join('.')}: ${first?.message}`)
}
