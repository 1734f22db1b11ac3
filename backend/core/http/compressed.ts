import type Koa from 'koa'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const zip = promisify(gzip)
const LEAST = 1500 // bytes: what fits into one packet gains nothing

/**
 * Sends long JSON answers in gzip to who takes it. Files and streams pass as they are.
 * Nothing secret stands in an answer beside what its asker can choose, so its length tells nothing.
 */
export const compressed: Koa.Middleware = async (ctx, next) => {
  await next()
  const body: unknown = ctx.body
  if (!isJson(body) || ctx.response.get('content-encoding') !== '') return
  const text = JSON.stringify(body)
  ctx.vary('accept-encoding')
  const zips = text.length >= LEAST && ctx.acceptsEncodings('gzip', 'identity') === 'gzip'
  if (zips) ctx.set('content-encoding', 'gzip')
  ctx.body = zips ? await zip(text, { level: 4 }) : text
}

const isJson = (body: unknown): boolean =>
  Array.isArray(body) || (body !== null && Object.getPrototypeOf(Object(body)) === Object.prototype)
