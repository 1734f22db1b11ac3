import { z } from 'zod'
import type { CustomField } from '../../backend/contract/customerSettings.ts'
import type { CustomerDetails, CustomerFields } from '../../backend/contract/customers.ts'

/** A customer as it is typed: everything is text until it is sent. */
export const CustomerForm = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string(),
  code: z.string(),
  phone: z.string(),
  tier: z.enum(['', 'A', 'B', 'C']),
  tags: z.string(),
  contacts: z.array(z.object({ name: z.string(), title: z.string(), phone: z.string() })),
  custom: z.record(z.string(), z.string()),
  note: z.string(),
  radius: z.string(),
  here: z.boolean(),
})
export type CustomerForm = z.infer<typeof CustomerForm>

export const emptyForm = (id: string): CustomerForm => ({
  id,
  name: '',
  address: '',
  code: '',
  phone: '',
  tier: '',
  tags: '',
  contacts: [],
  custom: {},
  note: '',
  radius: '100',
  here: true,
})

export const formOf = (customer: CustomerDetails): CustomerForm => ({
  id: customer.id,
  name: customer.name,
  address: customer.address ?? '',
  code: customer.code ?? '',
  phone: customer.phone ?? '',
  tier: customer.tier ?? '',
  tags: customer.tags.join('，'),
  contacts: customer.contacts.map(({ name, title, phone }) => ({
    name,
    title: title ?? '',
    phone: phone ?? '',
  })),
  custom: Object.fromEntries(
    Object.entries(customer.custom).map(([key, value]) => [key, String(value ?? '')]),
  ),
  note: customer.note ?? '',
  radius: String(customer.radius),
  here: false,
})

const orNull = (text: string) => text.trim() || null

/** What is sent. Contacts without a name are left out. */
export const fieldsOf = (form: CustomerForm, fields: readonly CustomField[]): CustomerFields => ({
  name: form.name.trim(),
  address: orNull(form.address),
  code: orNull(form.code),
  phone: orNull(form.phone),
  tier: form.tier === '' ? null : form.tier,
  tags: form.tags
    .split(/[,，、;；]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== ''),
  contacts: form.contacts
    .filter(({ name }) => name.trim() !== '')
    .map(({ name, title, phone }) => ({
      name: name.trim(),
      title: orNull(title),
      phone: orNull(phone),
    })),
  custom: Object.fromEntries(
    fields.map(({ key, kind }) => {
      const text = (form.custom[key] ?? '').trim()
      if (text === '') return [key, null]
      return [key, kind === 'number' ? Number(text) : text]
    }),
  ),
  note: orNull(form.note),
  radius: Number(form.radius) || 100,
})
