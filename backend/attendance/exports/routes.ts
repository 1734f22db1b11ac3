import { PassThrough } from 'node:stream'
import { z } from 'zod'
import { Month } from '../../contract/closing.ts'
import { ExportFormat, ExportInput, ExportQuery } from '../../contract/exports.ts'
import { JobStarted } from '../../contract/jobs.ts'
import type { Kit } from '../../core/kit.ts'
import { FileReply, route, type Route, type Viewer } from '../../core/http/route.ts'
import type { JobsDoor } from '../../jobs/index.ts'
import { seesMonths } from '../closing/policy.ts'
import { EXPORT_JOB } from './job.ts'
import { fileOf, writeExport, type ExportOrder, type Maker } from './make.ts'

const Path = z.object({ month: Month })

/** A month as a file: made as a job whose link is sent, or streamed at once to a program. */
export const exportRoutes = (kit: Kit, maker: Maker, jobs: Pick<JobsDoor, 'start'>): Route[] => [
  route({
    method: 'POST',
    path: '/api/v1/attendance/months/:month/export',
    summary: 'Make a workbook or CSV of a month; the job has its progress and its file',
    params: Path,
    input: ExportInput,
    reply: JobStarted,
    allow: seesMonths,
    run: async ({ viewer, params, input }) => {
      const { orgId, id: personId } = viewer
      const job = { orgId, personId, kind: EXPORT_JOB, input: { ...input, month: params.month, scope: scopeOf(viewer) } } // prettier-ignore
      return { jobId: await jobs.start(kit.db, job) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/attendance/months/:month.:format',
    summary: 'A month as a workbook or CSV, streamed',
    params: Path.extend({ format: ExportFormat }),
    query: ExportQuery,
    reply: FileReply,
    allow: seesMonths,
    key: { scope: 'exports:read', reads: () => 'all' },
    run: async ({ viewer, params: { month, format }, query }) => {
      const input = { ...query, format }
      const asked = { orgId: viewer.orgId, departments: viewer.departments, month, department: input.department, q: input.q } // prettier-ignore
      return streamed(kit, maker, { asked, input, madeBy: viewer.name })
    },
  }),
]

const scopeOf = ({ departments }: Viewer) => (departments === 'all' ? 'all' : [...departments])

/** The file as a stream; when the reader goes away, or something fails on the way, it breaks off. */
function streamed(kit: Kit, maker: Maker, order: ExportOrder) {
  const content = new PassThrough({ highWaterMark: 262_144 })
  writeExport(maker, order, content).catch((error: unknown) => {
    if (!content.destroyed) kit.log.error({ err: error }, 'an export broke off')
    content.destroy(error instanceof Error ? error : new Error(String(error)))
  })
  return { ...fileOf(order), content }
}
