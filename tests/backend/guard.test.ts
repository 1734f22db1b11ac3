import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { guard, pagesPolicy } from '../../backend/core/http/guard.ts'
import { imagesFrom, mapOf } from '../../backend/settings/index.ts'
import { openWholeServer, type WholeServer } from '../support/wholeServer.ts'

let whole: WholeServer
beforeAll(async () => {
  whole = await openWholeServer('o1', Date.parse('2026-11-23T06:00:00Z'))
})
afterAll(() => whole.close())

const policyAt = async (path: string) => {
  const answer = await fetch(whole.url + path, { redirect: 'manual' })
  return { answer, policy: answer.headers.get('content-security-policy') ?? '' }
}

test('every answer forbids what it does not need, refusals and files too', async () => {
  for (const path of [
    '/healthz',
    '/api/v1/me',
    '/api/v1/nothing',
    '/api/openapi.json',
    '/metrics',
  ]) {
    const { answer, policy } = await policyAt(path)
    expect(policy, path).toMatch(/^default-src 'none'/)
    expect(answer.headers.get('x-content-type-options'), path).toBe('nosniff')
    expect(answer.headers.get('permissions-policy'), path).toContain('microphone=()')
  }
})

test('nowhere may anything run inline; a page’s own sheet is named by its hash', async () => {
  for (const path of [
    '/',
    '/today',
    '/api/docs',
    '/v/0123456789012345678901234567890123456789012',
    '/auth/wecom/return',
  ]) {
    const { answer, policy } = await policyAt(path)
    expect(policy, path).not.toMatch(/unsafe-(inline|eval)|\*/)
    const sheet = /<style>([^]*?)<\/style>/.exec(await answer.text())?.[1]
    if (sheet === undefined) continue
    const hash = createHash('sha256').update(sheet).digest('base64')
    expect(policy, path).toContain(`style-src 'sha256-${hash}'`)
  }
})

test('over https it stays https; map tiles come from where they are set', () => {
  const set: Record<string, string>[] = []
  const ctx = { set: (headers: Record<string, string>) => set.push(headers) }
  for (const url of ['http://localhost:3000', 'https://zuji.example.com'])
    void Reflect.apply(guard(url), undefined, [ctx, async () => undefined])
  expect(set.map((headers) => headers['strict-transport-security'])).toEqual([
    undefined,
    'max-age=31536000',
  ])
  const tiles = (mapTiles: string) => imagesFrom(mapOf({ mapTiles }))
  expect(tiles('osm')).toEqual(['https://tile.openstreetmap.org'])
  expect(tiles('gcj02:https://t{s}.example.com:8443/{z}/{x}/{y}.png')).toEqual([
    'https://*.example.com:8443',
  ])
  expect(tiles('')).toEqual([])
  expect(pagesPolicy('https://zuji.example.com/', tiles('osm'))).toMatch(
    /connect-src 'self' wss:\/\/zuji\.example\.com; img-src .* https:\/\/tile\.openstreetmap\.org;/,
  )
})
