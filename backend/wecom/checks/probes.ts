import { readdir } from 'node:fs/promises'
import type { Config } from '../../core/config.ts'
import { ipIn } from './doctorProbes.ts'
import { reasonOf, type Failed, type Overheard, type ProofFile } from './seen.ts'

const MOST_FILES = 5

export interface Ear {
  fetch: typeof fetch
  heard: Overheard
}

/**
 * A fetch that keeps what WeCom's answers to the doctor tell besides their errcode, so that nothing is
 * asked twice, and that ends every call at `deadline`.
 */
export function listening(through: typeof fetch, deadline: AbortSignal): Ear {
  const heard: Overheard = { cutOff: false, ip: null, name: null, homeUrl: null, departments: null }
  const listen: typeof fetch = async (input, init) => {
    const signal = init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline
    try {
      const response = await through(input, { ...init, signal })
      const text = await response.text()
      keep(heard, String(input instanceof Request ? input.url : input), text)
      const { status, headers } = response
      return new Response(text === '' ? null : text, { status, headers })
    } catch (error) {
      if (deadline.aborted) heard.cutOff = true
      throw error
    }
  }
  return { fetch: listen, heard }
}

const MOST_TEXT = 1_000_000 // characters; none of the doctor's answers is longer

function keep(heard: Overheard, url: string, text: string): void {
  if (!url.includes('/cgi-bin/') || text.length > MOST_TEXT) return
  const body = recordOf(text)
  heard.ip ??= ipIn(textOf(body.get('errmsg')) ?? '') ?? null
  if (url.includes('/cgi-bin/agent/get?')) {
    heard.name = textOf(body.get('name'))
    heard.homeUrl = textOf(body.get('home_url'))
  }
  const departments = body.get('department_id')
  if (Array.isArray(departments)) heard.departments = departments.length
}

function recordOf(text: string): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return new Map(Object.entries(Object(value)))
  } catch {
    return new Map() // a proxy's page: the doctor tells it
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : null)

/** The files by which WeCom knows the domain, as our public address serves them. */
export async function proofFiles(
  config: Pick<Config, 'publicUrl' | 'dataDir' | 'wecomVerify'>,
  ask: typeof fetch,
): Promise<ProofFile[]> {
  const known = config.wecomVerify.map((letters) => `WW_verify_${letters}.txt`)
  const names = [...new Set([...known, ...(await filesIn(config.dataDir))])].slice(0, MOST_FILES)
  return Promise.all(
    names.map(async (name) => {
      const url = `${config.publicUrl}/${name}`
      return { url, failed: await failureOf(url, ask) }
    }),
  )
}

const filesIn = async (folder: string) =>
  (await readdir(folder).catch(() => [])).filter((name) =>
    /^WW_verify_[A-Za-z0-9]{1,64}\.txt$/.test(name),
  )

const TIMEOUT_MS = 5_000

async function failureOf(url: string, ask: typeof fetch): Promise<Failed | null> {
  try {
    const init = { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' } as const
    const { status, headers } = await ask(url, init)
    if (status !== 200) return reasonOf(`HTTP ${status}`)
    return headers.get('content-type')?.includes('html') ? { reason: 'other' } : null
  } catch {
    return { reason: 'connection' }
  }
}
