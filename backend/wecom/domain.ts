import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from '../core/config.ts'
import { Fault } from '../core/errors.ts'
import { rawRoute, type RawRoute } from '../core/http/route.ts'

const NAME = /^\/(WW_verify_([A-Za-z0-9]{1,64})\.txt)$/

/**
 * The file by which WeCom knows that a domain is ours, at the root of the site. It is put into the
 * data directory as it was downloaded, or its letters are given as WECOM_VERIFY: they are its text.
 */
export function domainRoute(config: Pick<Config, 'dataDir' | 'wecomVerify'>): RawRoute {
  return rawRoute({
    method: 'GET',
    path: '/WW_verify_:letters.txt',
    summary: 'Shows WeCom that this domain is ours',
    raw: async ({ request }) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost')
      const [, file = '', letters = ''] = NAME.exec(pathname) ?? []
      const text = config.wecomVerify.includes(letters) ? letters : await kept(config.dataDir, file)
      if (text === null) throw new Fault('not_found', 'there is nothing at this address')
      return { status: 200, headers: { 'content-type': 'text/plain' }, body: text }
    },
  })
}

/** @param file a name of letters only, or nothing. */
const kept = (dataDir: string, file: string): Promise<string | null> =>
  file === '' ? Promise.resolve(null) : readFile(path.join(dataDir, file), 'utf8').catch(() => null)
