import { createHash } from 'node:crypto'
import type Koa from 'koa'
import type { RawReply } from './route.ts'

/**
 * What a browser may do with our answers (CSP 3, OWASP Secure Headers). Nothing is allowed inline:
 * scripts and styles come from our own files, or are one sheet named by its hash.
 */
const NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

const YEAR_SECONDS = 31_536_000

/** Headers of every answer; an answer may set its own over them. */
export function guard(publicUrl: string): Koa.Middleware {
  const headers = {
    'content-security-policy': NOTHING,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN', // for browsers that do not know frame-ancestors
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'geolocation=(self), camera=(self), microphone=(), payment=(), usb=()',
    ...(publicUrl.startsWith('https:') && {
      'strict-transport-security': `max-age=${YEAR_SECONDS}`,
    }),
  }
  return async (ctx, next) => {
    ctx.set(headers)
    await next()
  }
}

/**
 * The policy of the app's pages.
 * @param images origins of map tiles, besides our own.
 * WeCom's and WeChat's web views hand calls over by frames of schemes of their own, and photos by
 * `wxlocalresource:`; their SDK signs in by a frame of WeCom.
 */
export function pagesPolicy(publicUrl: string, images: readonly string[]): string {
  const sockets = new URL(publicUrl).origin.replace(/^http/, 'ws') // older Safari does not count it as 'self'
  return [
    "default-src 'self'",
    `connect-src 'self' ${sockets}`,
    ['img-src', "'self'", 'data:', 'blob:', 'wxlocalresource:', ...images].join(' '),
    "font-src 'self' data:", // the kit's icons are in its sheet
    'frame-src weixin: wework: wxwork: https://login.work.weixin.qq.com https://open.work.weixin.qq.com',
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join('; ')
}

/** Text as it stands in HTML, within an attribute too. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

/** A page without scripts, in Chinese first; its style sheet is allowed by its hash. */
export function plainPage(page: {
  status: number
  style: string
  body: string
  headers?: Record<string, string>
}): RawReply {
  const hash = createHash('sha256').update(page.style).digest('base64')
  return {
    status: page.status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
      ...page.headers,
    },
    body: `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>足迹 Zuji</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>${page.style}</style></head><body>${page.body}</body></html>`,
  }
}
