import { createWriteStream } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { Month } from '../../contract/closing.ts'
import { ExportInput } from '../../contract/exports.ts'
import { found } from '../../core/errors.ts'
import type { Kit } from '../../core/kit.ts'
import type { Done, Running } from '../../jobs/index.ts'
import { findPerson } from '../../people/index.ts'
import { draftFolder } from './drafts.ts'
import { fileOf, writeExport, type Maker } from './make.ts'

export const EXPORT_JOB = 'attendance.export'

const JobInput = ExportInput.extend({
  month: Month,
  scope: z.union([z.literal('all'), z.array(z.string())]), // departments that who asks may see
})

/** Makes the file beside the store, then keeps it there and tells who asked; killed half-way it begins again. */
export const exportJob =
  (kit: Kit, maker: Maker) =>
  async (job: Running): Promise<Done> => {
    const { month, scope, ...input } = JobInput.parse(job.input)
    const { orgId, personId } = job
    const person = found(await findPerson(kit.db, orgId, personId), 'who asked for it')
    const asked = { orgId, departments: scope, month, department: input.department, q: input.q }
    const folder = await draftFolder()
    try {
      const draft = path.join(folder, 'file')
      const order = { asked, input, madeBy: person.name }
      await writeExport(maker, order, createWriteStream(draft), paced(job))
      const { sha256 } = await kit.files.put(await readFile(draft))
      await tell(kit, job, { month, name: fileOf(order).name })
      return { file: { sha256, ...fileOf(order) }, result: { month } }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

/** Each word of progress is a statement: a batch of people is worth one. */
const paced = (job: Running) => (done: number, total: number) => job.step({ done, total })

const tell = (kit: Kit, job: Running, { month, name }: { month: string; name: string }) =>
  kit.notify.tell(kit.db, {
    ...{ orgId: job.orgId, personId: job.personId, topic: 'report' },
    key: `export:${job.id}`,
    title: `${month} 考勤导出好了 Export ready`,
    text: name,
    path: `/month?month=${month}&export=${job.id}`,
    at: kit.clock.now(),
  })
