import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { Database } from '../../backend/core/db.ts'
import { openChromium } from './chromium.ts'
import { borrowDatabase } from './database.ts'
import { haveSeenFirst } from './first.ts'
import { freePort } from './ports.ts'
import { keepStill, still } from './still.ts'

const root = path.resolve(import.meta.dirname, '../..')

interface Look {
  dark?: boolean
  fresh?: boolean // has not seen the first cards
}

export interface Stage {
  url: string
  browser: Browser
  /** The server's database, for what no page of it can do. */
  db: Database
  /** A bearer token from the command line, as an operator gets one; the same when asked again. */
  token(personId: string): Promise<string>
  /** A phone of 375×812 or a desk of 1440×900, in Chinese, on a clock of Shanghai; of somebody `fresh` or not. */
  open(kind: 'phone' | 'desk', options?: Look): Promise<{ context: BrowserContext; page: Page }>
  close(): Promise<void>
}

/**
 * The built server with the demo company on a borrowed database, and a Chromium to look at it.
 * @param stillAt the moment (epoch ms) in which the server and its pages stay; without it time goes on
 */
export async function openStage({ stillAt }: { stillAt?: number } = {}): Promise<Stage> {
  const borrowed = await borrowDatabase()
  const dataDir = await mkdtemp(path.join(tmpdir(), 'zuji-stage-'))
  const port = await freePort()
  const env = {
    ...process.env,
    PORT: String(port),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
    ...(stillAt !== undefined && still(stillAt)),
    ...(borrowed.url && { DATABASE_URL: borrowed.url }),
  }
  const url = `http://localhost:${port}`
  const server = run(['serve'], env)
  await said(server, url)
  const browser = await openChromium()
  const tokens: Partial<Record<string, Promise<string>>> = {}
  return {
    url,
    browser,
    db: borrowed.db,
    token: (personId) => (tokens[personId] ??= tokenOf(personId, env)),
    async open(kind, options = {}) {
      const opened = await openPage(browser, kind, options)
      if (stillAt !== undefined) await keepStill(opened.page, stillAt)
      return opened
    },
    async close() {
      await browser.close()
      server.kill('SIGTERM')
      if (server.exitCode === null) await once(server, 'exit')
      await borrowed.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const run = (words: string[], env: NodeJS.ProcessEnv) =>
  spawn(process.execPath, ['dist/backend/main.js', ...words], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })

/** Resolves when the process has printed `text`; rejects when it ends before. */
async function said(child: ChildProcess, text: string): Promise<void> {
  let all = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      all += chunk.toString()
      if (all.includes(text)) resolve()
    })
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${all}`)))
  })
}

const tokenOf = async (personId: string, env: NodeJS.ProcessEnv) =>
  (await output(run(['token', '--person', personId], env))).trim()

async function output(child: ChildProcess): Promise<string> {
  let all = ''
  child.stdout?.on('data', (chunk: Buffer) => (all += chunk.toString()))
  await once(child, 'close')
  return all
}

async function openPage(browser: Browser, kind: 'phone' | 'desk', look: Look) {
  const phone = kind === 'phone'
  const context = await browser.newContext({
    viewport: phone ? { width: 375, height: 812 } : { width: 1440, height: 900 },
    deviceScaleFactor: phone ? 2 : 1,
    hasTouch: phone,
    isMobile: phone,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    colorScheme: look.dark ? 'dark' : 'light',
    ...(phone && { userAgent: IPHONE }),
  })
  await context.addInitScript(refusalsAreErrors)
  if (!look.fresh) await haveSeenFirst(context)
  return { context, page: await context.newPage() }
}

/** What the page's content policy refuses is an error of the page, as its stories watch for. */
function refusalsAreErrors() {
  document.addEventListener(
    'securitypolicyviolation',
    ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
      setTimeout(() => {
        throw new Error(
          `the policy refuses ${violatedDirective} ${blockedURI} in ${sourceFile}:${lineNumber}`,
        )
      })
    },
  )
}

/** As WeCom's own documents give it. */
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 16_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 wxwork/4.1.22 MicroMessenger/7.0.1 Language/zh ColorScheme/Light'

/** Where pictures of the pages are kept for people to look at. */
export const picture = (name: string) => path.join(root, 'dist/pictures', `${name}.png`)
