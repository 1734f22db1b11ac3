// npm run gallery [-- --only today,month --theme dark --lang en --kind phone]: every screen into dist/gallery/index.html
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { openChromium } from '../support/chromium.ts'
import { startCluster } from '../support/cluster.ts'
import { haveSeenFirst } from '../support/first.ts'
import { prepare, SCREENS, settled, type Screen } from '../support/screens.ts'
import { buildAll, startServer, tokenFor } from '../support/serverProcess.ts'
import { keepStill, still, STILL_AT } from '../support/still.ts'
import { galleryPage, type Shot } from './page.ts'

const SIZES = { phone: { width: 375, height: 812 }, desk: { width: 1440, height: 900 } }
const HERE = { longitude: 114.0262, latitude: 22.5318, accuracy: 18 }
const folder = path.resolve(import.meta.dirname, '../../dist/gallery')

const { values } = parseArgs({
  options: {
    only: { type: 'string' }, // names of routes
    theme: { type: 'string', default: 'light,dark' },
    lang: { type: 'string', default: 'zh-CN,en' },
    kind: { type: 'string', default: 'phone,desk' },
  },
})
const among = (text: string | undefined, name: string) => text === undefined || text.split(',').includes(name) // prettier-ignore

interface Look {
  kind: 'phone' | 'desk'
  theme: 'light' | 'dark'
  lang: 'zh-CN' | 'en'
}

const LOOKS = (['phone', 'desk'] as const).flatMap((kind) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    (['zh-CN', 'en'] as const).map((lang) => ({ kind, theme, lang })),
  ),
)

async function main(): Promise<void> {
  buildAll()
  const cluster = await startCluster()
  const dataDir = await mkdtemp(path.join(tmpdir(), 'zuji-gallery-'))
  const DATABASE_URL = cluster.urlOf('postgres')
  const env = { ...process.env, ...still(STILL_AT), DATA_DIR: dataDir, DATABASE_URL, LOG_LEVEL: 'fatal', DEMO: '1' } // prettier-ignore
  const server = await startServer(env)
  const browser = await openChromium()
  try {
    await mkdir(folder, { recursive: true })
    await prepare(server.url, (personId) => tokenFor(personId, env))
    const looks = LOOKS.filter(({ kind, theme, lang }) => among(values.kind, kind) && among(values.theme, theme) && among(values.lang, lang)) // prettier-ignore
    const shots: Shot[] = []
    for (const look of looks) shots.push(...(await shotsOf(browser, server.url, look)))
    await writeFile(path.join(folder, 'index.html'), galleryPage(shots))
    console.log(`${shots.length} pictures in ${path.relative(process.cwd(), folder)}/index.html`)
  } finally {
    await browser.close()
    await server.end('SIGKILL')
    await cluster.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** All screens in one look, person by person, so that one signs in once. */
async function shotsOf(browser: Browser, url: string, look: Look): Promise<Shot[]> {
  const wanted = SCREENS.filter(({ route }) => among(values.only, route))
  const shots: Shot[] = []
  for (const who of new Set(wanted.map((each) => each.who))) {
    const page = await signedIn(browser, url, who, look)
    for (const screen of wanted.filter((each) => each.who === who))
      shots.push(await shot(page, url, screen, look))
    await page.context().close()
  }
  return shots
}

async function signedIn(browser: Browser, url: string, who: string, { kind, theme, lang }: Look) {
  const phone = kind === 'phone'
  const context = await browser.newContext({
    ...{ viewport: SIZES[kind], hasTouch: phone, isMobile: phone, colorScheme: theme },
    ...{ locale: lang, timezoneId: 'Asia/Shanghai', geolocation: HERE },
    permissions: ['geolocation'],
  })
  await context.addInitScript(`localStorage.setItem('zuji.language', '${lang}')`)
  await haveSeenFirst(context)
  const page = await context.newPage()
  await keepStill(page, STILL_AT)
  await page.goto(`${url}/auth/wecom/start?to=/me`)
  await page.locator(`button[value="${who}"]`).click()
  await page.waitForURL(`${url}/me`)
  return page
}

async function shot(page: Page, url: string, screen: Screen, look: Look): Promise<Shot> {
  const name = `${screen.route}-${look.kind}-${look.theme}-${look.lang}`
  let trouble = ''
  try {
    const to = typeof screen.to === 'string' ? screen.to : await screen.to(page)
    await page.goto(url + to)
    await settled(page)
  } catch (error) {
    trouble = String(error).split('\n')[0] ?? ''
    console.log(`${name}: ${trouble}`)
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' })
  return { ...look, name, route: screen.route, who: screen.who, trouble: wide ? `${trouble} too wide` : trouble } // prettier-ignore
}

await main()
process.exit(0)
