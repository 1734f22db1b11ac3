import type { Config } from '../core/config.ts'
import { Fault } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { appoint, Appointment } from '../people/index.ts'
import type { Command } from './arguments.ts'
import { withDatabase } from './database.ts'

/** The way to a company's first admin: WeCom does not tell who that is. */
export async function appointCommand(config: Config, log: Log, root: string, command: Command) {
  const personId = command.person
  if (!personId) throw new Fault('bad_input', '--person ID is needed')
  const role = Appointment.safeParse(command.role)
  if (!role.success)
    throw new Fault('bad_input', `--role is one of ${Appointment.options.join(', ')}`)
  const orgId = config.wecom?.corpId ?? 'demo'
  const person = await withDatabase(config, log, root, (db) =>
    appoint(db, { orgId, personId, role: role.data }),
  )
  console.log(`${person.id} (${person.name}) is ${role.data} now`)
}
