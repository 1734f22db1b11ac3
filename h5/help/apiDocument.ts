import { z } from 'zod'

const Parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  schema: z.record(z.string(), z.unknown()).default({}),
})
const Content = z.record(z.string(), z.object({ schema: z.unknown() }))
const Operation = z.object({
  summary: z.string(),
  operationId: z.string(),
  tags: z.array(z.string()),
  'x-scope': z.string().optional(),
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ content: Content }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: Content.optional() }),
  ),
})

/** As much of the server's OpenAPI document as a reader is shown. */
export const ApiDocument = z.object({
  info: z.object({ version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
})
export type ApiDocument = z.infer<typeof ApiDocument>

export interface Entry {
  id: string
  tag: string
  method: string
  path: string
  summary: string
  scope: string // of a key; '' when no key may
  parameters: z.infer<typeof Parameter>[]
  asks: string // JSON schema of the body; '' when there is none
  answers: string
}

const schemaText = (content: z.infer<typeof Content> | undefined): string => {
  const [first] = Object.values(content ?? {})
  return first ? JSON.stringify(first.schema, null, 2) : ''
}

/** All operations by tag, in the order of their addresses; @param words all of which each one has somewhere */
export function entriesOf({ paths }: ApiDocument, words: string): [string, Entry[]][] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const byTag = new Map<string, Entry[]>()
  for (const [path, methods] of Object.entries(paths))
    for (const [method, of] of Object.entries(methods)) {
      const entry = {
        ...{ id: of.operationId, tag: of.tags[0] ?? '', method: method.toUpperCase(), path },
        ...{ summary: of.summary, scope: of['x-scope'] ?? '', parameters: of.parameters },
        asks: schemaText(of.requestBody?.content),
        answers: schemaText(of.responses['200']?.content),
      }
      const text = `${entry.method} ${path} ${of.summary} ${entry.scope}`.toLowerCase()
      if (!wanted.every((each) => text.includes(each))) continue
      byTag.set(entry.tag, [...(byTag.get(entry.tag) ?? []), entry])
    }
  return [...byTag].sort(([a], [b]) => (a < b ? -1 : 1))
}
