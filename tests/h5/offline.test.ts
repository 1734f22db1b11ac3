import { describe, expect, test } from 'vitest'
import { sortParts, type Part } from '../../h5/offline/built.ts'
import { hearBuilds, isOtherBuild } from '../../h5/offline/update.ts'
import { isNoAnswer, outdated, wayOf } from '../../h5/offline/routing.ts'

const HOME = 'https://zuji.example'
const open = (path: string) => wayOf({ method: 'GET', mode: 'navigate', url: HOME + path }, HOME)
const load = (path: string) => wayOf({ method: 'GET', mode: 'cors', url: HOME + path }, HOME)

describe('which way a request goes', () => {
  test.each(['/', '/index.html', '/today?from=menu', '/customers', '/people/1/days/2026-03-02'])(
    'opening %s asks the network first and falls back to the kept page',
    (path) => expect(open(path)).toBe('page'),
  )

  test.each([
    '/api/v1/me',
    '/api/v1/reports/month.xlsx',
    '/auth/wecom/start?to=%2F',
    '/wecom/callback/1',
    '/wecom-sim',
    '/wecom-sim/connect/oauth2/authorize',
    '/socket.io/?EIO=4',
    '/ingest/tracker',
    '/metrics',
    '/healthz',
    '/readyz',
  ])('%s is the server’s alone', (path) => {
    expect(open(path)).toBe('pass')
    expect(load(path)).toBe('pass')
  })

  test('a path that only begins like the server’s is a page', () => {
    expect(open('/apiary')).toBe('page')
    expect(open('/wecom-simulated')).toBe('page')
  })

  test('hashed files come from what is kept, however they are asked for', () => {
    expect(load('/assets/index-Ab12.js')).toBe('asset')
    expect(open('/assets/roads-Ab12.json')).toBe('asset')
  })

  test('other files, other sites and everything that writes go past the worker', () => {
    expect(open('/WW_verify_x1.txt')).toBe('pass')
    expect(load('/customers')).toBe('pass')
    const tile = 'https://tiles.example/assets/1.png'
    expect(wayOf({ method: 'GET', mode: 'no-cors', url: tile }, HOME)).toBe('pass')
    expect(wayOf({ method: 'POST', mode: 'navigate', url: HOME }, HOME)).toBe('pass')
  })
})

test('a proxy that finds no server has not answered; a server that refuses has', () => {
  expect([502, 503, 504].every(isNoAnswer)).toBe(true)
  expect([200, 304, 404, 500].some(isNoAnswer)).toBe(false)
})

test('old builds go, the last one before this stays for pages still open, other caches are not ours', () => {
  expect(outdated(['zuji-1', 'map', 'zuji-2', 'zuji-3'], '3')).toEqual(['zuji-1'])
  expect(outdated(['zuji-1', 'zuji-2'], '2')).toEqual([])
  expect(outdated(['zuji-1', 'zuji-2', 'zuji-3'], '1')).toEqual(['zuji-2'])
  expect(outdated([], '1')).toEqual([])
})

describe('what a build keeps first', () => {
  const part = (file: string, needs: string[] = [], page: string | null = null): Part => ({
    file,
    page,
    isEntry: false,
    needs,
  })
  const parts = [
    { ...part('assets/index.js', ['assets/vue.js', 'assets/index.css']), isEntry: true },
    part('assets/index.css'),
    part('assets/vue.js', ['assets/index.js']),
    part('assets/Today.js', ['assets/report.js', 'assets/vue.js'], '/h5/today/TodayPage.vue'),
    part('assets/report.js'),
    part('assets/Live.js', ['assets/leaflet.js', 'assets/vue.js'], '/h5/live/LivePage.vue'),
    part('assets/leaflet.js'),
    part('assets/roads.json'),
    part('assets/shop.webp'),
  ]
  const { shell, later, seen } = sortParts(parts, ['/today/TodayPage.vue'])

  test('the entry and the rep’s page with all that they need', () => {
    const names = ['Today.js', 'index.css', 'index.js', 'report.js', 'vue.js']
    expect(shell).toEqual(names.map((name) => `/assets/${name}`))
  })

  test('the map and the other pages later, each file once', () => {
    const names = ['Live.js', 'leaflet.js', 'roads.json']
    expect(later).toEqual(names.map((name) => `/assets/${name}`))
  })

  test('pictures of the guides only once they were looked at', () => {
    expect(seen).toEqual(['/assets/shop.webp'])
  })
})

describe('a worker that takes over while a page is open', () => {
  const took = ['/assets/index-new.js', '/assets/index-new.css']
  const page = (name: string) => [`${HOME}/assets/${name}.js`]

  test('is of the page’s own build at the first visit, and when the page was opened after a deployment', () => {
    expect(isOtherBuild(page('index-new'), took)).toBe(false)
    expect(isOtherBuild([`${HOME}/sdk.js`, ...page('index-new')], took)).toBe(false)
    expect(isOtherBuild([], took)).toBe(false)
  })

  test('brings another build to a page that was open before', () => {
    expect(isOtherBuild(page('index-old'), took)).toBe(true)
  })

  test('says which it is; what else it says is no new build', () => {
    const heard: boolean[] = []
    const speak: ((event: { data: unknown }) => void)[] = []
    const workers = { addEventListener: (_: 'message', hear: (typeof speak)[number]) => speak.push(hear) } // prettier-ignore
    hearBuilds(workers, page('index-old'), (isOther) => heard.push(isOther))
    const say = (data: unknown) => speak.forEach((hear) => hear({ data }))
    say('send what waits')
    say({ took: 'all' })
    say({ took })
    say({ took: ['/assets/index-old.js'] }) // the deployment was taken back
    expect(heard).toEqual([true, false])
  })
})
