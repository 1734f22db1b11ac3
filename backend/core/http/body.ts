import type { IncomingMessage } from 'node:http'
import { createGunzip } from 'node:zlib'
import rawBody from 'raw-body'
import { Fault } from '../errors.ts'

/** 1,000 fixes are about 300 kB; what is larger is a mistake or an attack. */
export const MAX_BODY = 1_000_000 // bytes, after decompression

/** The request's body as text. Throws Fault `too_large`, `bad_input`. */
export const readText = async (request: IncomingMessage, most = MAX_BODY): Promise<string> =>
  textOf(await readBytes(request, most))

/**
 * The request's body. Gzip is unpacked with the limit on the unpacked size, so that a bomb ends
 * there. Throws Fault `too_large`, `bad_input`.
 */
export async function readBytes(request: IncomingMessage, most: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw new Fault(
      'bad_input',
      `content-encoding ${encoding.slice(0, 20)} is not read: identity or gzip`,
    )
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > most) throw tooLarge(most)
  const stream = encoding === 'gzip' ? request.pipe(createGunzip()) : request
  try {
    return await rawBody(stream, { limit: most })
  } catch (error) {
    request.unpipe()
    throw bodyFault(error, most)
  }
}

/** Decoded whole: chunk by chunk costs three times as much. */
function textOf(body: Buffer): string {
  const text = body.toString('utf8')
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

/** The body as JSON; an empty one is `undefined`. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readText(request)
  if (text === '') return undefined
  return parseJson(text)
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Fault('bad_json', 'the body is not valid JSON')
  }
}

const tooLarge = (most: number) => new Fault('too_large', `the body may have ${most} bytes`)

function bodyFault(error: unknown, most: number): Fault {
  if (error instanceof Fault) return error
  const type = error instanceof Error && 'type' in error ? error.type : undefined
  if (type === 'entity.too.large') return tooLarge(most)
  return new Fault('bad_input', 'the body could not be read to its end')
}
