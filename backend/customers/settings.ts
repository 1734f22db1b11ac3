import { CustomerSettings, type CustomField } from '../contract/customerSettings.ts'
import type { CustomValues } from '../contract/customers.ts'
import { IsoDate } from '../contract/terms.ts'
import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import { isAdmin, route, signedIn, type Route } from '../core/http/route.ts'
import { sql } from '../core/sql.ts'

/** What a company decided about its customers; the defaults where it decided nothing. */
export async function loadSettings(db: Db, orgId: string): Promise<CustomerSettings> {
  const row = await db.first<{ settings: unknown }>(sql`
    select s.settings from customer_settings s where s.org_id = ${orgId}`)
  return CustomerSettings.parse(row?.settings ?? {})
}

export function settingsRoutes(kit: Kit): Route[] {
  const path = '/api/v1/customers/settings'
  return [
    route({
      method: 'GET',
      path,
      summary: 'Who sees which customers, and the fields of the company',
      reply: CustomerSettings,
      allow: signedIn,
      run: ({ viewer }) => loadSettings(kit.db, viewer.orgId),
    }),
    route({
      method: 'PUT',
      path,
      summary: 'Changes them; values of a field that is taken away stay kept',
      input: CustomerSettings,
      reply: CustomerSettings,
      allow: isAdmin,
      run: async ({ viewer, input }) => {
        await kit.db.run(sql`
          insert into customer_settings (org_id, settings, changed_by, changed_at)
          values (${viewer.orgId}, ${JSON.stringify(input)}::jsonb, ${viewer.id},
            to_timestamp(${kit.clock.now()}::float8 / 1000))
          on conflict (org_id) do update
          set settings = excluded.settings, changed_by = excluded.changed_by,
            changed_at = excluded.changed_at`)
        return input
      },
    }),
  ]
}

/**
 * The values of a company's own fields, empty ones left out.
 * @throws Fault `bad_input` naming field and rule.
 */
export function customOf(fields: readonly CustomField[], values: CustomValues): CustomValues {
  const known = new Set(fields.map(({ key }) => key))
  for (const key of Object.keys(values)) if (!known.has(key)) refuse(key, 'there is no such field')
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = values[field.key] ?? null
      const rule = brokenRule(field, value === '' ? null : value)
      if (rule) refuse(field.key, rule)
      return value === null || value === '' ? [] : [[field.key, value]]
    }),
  )
}

function refuse(key: string, rule: string): never {
  const field = `custom.${key}`
  throw new Fault('bad_input', `body.${field}: ${rule}`, [{ field, rule }])
}

/** The rule that a value breaks; null when it is good. */
export function brokenRule(field: CustomField, value: string | number | null): string | null {
  if (value === null) return field.required ? 'must be given' : null
  return GOOD[field.kind](value, field.choices) ? null : RULE[field.kind](field.choices)
}

type Good = (value: string | number, choices: readonly string[]) => boolean

const GOOD: Record<CustomField['kind'], Good> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  choice: (value, choices) => choices.includes(String(value)),
  date: (value) => IsoDate.safeParse(value).success,
}
const RULE: Record<CustomField['kind'], (choices: readonly string[]) => string> = {
  text: () => 'must be text',
  number: () => 'must be a number',
  choice: (choices) => `one of ${choices.join(', ')}`,
  date: () => 'must be a date, YYYY-MM-DD',
}
