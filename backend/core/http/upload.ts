import type { IncomingMessage } from 'node:http'
import path from 'node:path'
import { Fault } from '../errors.ts'
import { readBytes } from './body.ts'
import type { BodyBytes, Upload } from './route.ts'

const FORM = 'multipart/form-data'
const LONGEST_NAME = 200 // characters of a file's name

/**
 * The file of a request: the body itself under its media type, or the one file of a form with the
 * form's other fields. Only the sender's word for the type is checked here.
 * Throws Fault `too_large`, `bad_input`.
 */
export async function readUpload(
  request: IncomingMessage,
  { types, most }: BodyBytes,
): Promise<Upload> {
  const header = request.headers['content-type'] ?? ''
  const form = typeOf(header) === FORM
  if (!form) refuseOther(typeOf(header), types)
  const body = await readBytes(request, most)
  const upload = form
    ? await fromForm(body, header)
    : { content: body, type: typeOf(header), name: '', fields: {} }
  refuseOther(upload.type, types)
  if (upload.content.length === 0) throw new Fault('bad_input', 'body: the file is empty')
  return upload
}

const typeOf = (header: string) => (header.split(';', 1)[0] ?? '').trim().toLowerCase()

function refuseOther(type: string, types: readonly string[]) {
  if (types.includes(type)) return
  const said = type === '' ? 'no type' : type.slice(0, 60)
  throw new Fault(
    'bad_input',
    `body: a file of ${types.join(', ')} or a form with one, not ${said}`,
  )
}

async function fromForm(body: Buffer, header: string): Promise<Upload> {
  const parts = await partsOf(body, header)
  const files = parts.filter((part) => typeof part[1] !== 'string')
  const [name = '', file] = files[0] ?? []
  if (files.length !== 1 || !file || typeof file === 'string')
    throw new Fault(
      'bad_input',
      `body.${name || 'file'}: the form has one file, not ${files.length}`,
    )
  return {
    content: new Uint8Array(await file.arrayBuffer()),
    type: typeOf(file.type),
    name: path.basename(file.name.replaceAll('\\', '/')).slice(0, LONGEST_NAME),
    fields: Object.fromEntries(parts.flatMap(([key, value]) => textField(key, value))),
  }
}

const textField = (key: string, value: string | Blob): [string, string][] =>
  typeof value === 'string' ? [[key, value]] : []

async function partsOf(body: Buffer, header: string) {
  try {
    const headers = { 'content-type': header }
    return [...(await new Response(new Uint8Array(body), { headers }).formData())]
  } catch {
    throw new Fault('bad_input', 'body: the form could not be read to its end')
  }
}
