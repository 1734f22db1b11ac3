import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { PERSONAL } from '../../backend/personal.ts'
import { KEPT } from '../../backend/privacy/index.ts'
import { textOf, type Guide } from '../../h5/help/guide.ts'
import { pictureFile } from '../../h5/help/making/plugin.ts'
import { imagesIn, piecesOf, treeOf, type Piece } from '../../h5/help/making/tree.ts'
import { englishAnchor, guideOf } from '../../h5/help/making/write.ts'
import { GUIDES } from '../../h5/help/names.ts'
import { PLACES } from '../../h5/help/places.ts'
import { searched } from '../../h5/help/search.ts'
import * as core from '../../h5/messages/core.ts'
import { spoken, type Words } from '../../h5/messages/index.ts'
import * as setupEn from '../../h5/messages/setup/en.ts'
import * as setupZh from '../../h5/messages/setup/zh.ts'

const root = path.resolve(import.meta.dirname, '../..')
const LANGUAGES = ['zh-CN', 'en'] as const
const EACH = LANGUAGES.flatMap((language) => GUIDES.map((name) => ({ language, name })))

const textFor = (language: string, name: string) =>
  readFileSync(path.join(root, 'h5/help/guides', language, `${name}.md`), 'utf8')
const read = async (markdown: string) => guideOf(await treeOf(markdown), (name) => `<img ${name}>`)

const phrases: Record<(typeof LANGUAGES)[number], RegExp[]> = { 'zh-CN': [], en: [] }
beforeAll(async () => {
  const setup = { ...setupZh, ...setupEn } // loaded with its page only
  const all = [core, setup, ...(await Promise.all(Object.values(spoken).map((load) => load())))]
  phrases['zh-CN'] = all.flatMap(({ zh }) => textsIn(zh)).map(patternOf)
  phrases.en = all.flatMap(({ en }) => textsIn(en)).map(patternOf)
})

const textsIn = (words: Words): string[] =>
  Object.values(words).flatMap((each) => (typeof each === 'string' ? [each] : textsIn(each)))

/** What a message may look like on the screen; one of a value alone could be anything. */
function patternOf(message: string): RegExp {
  const parts = message.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return parts.join('').trim() === '' ? /(?!)/ : new RegExp(`^${parts.join('.+')}$`)
}

const linksIn = (tree: Piece) =>
  [...piecesOf(tree)].flatMap(({ type, url }) => (type === 'link' && url ? [url] : []))

describe('the guides', () => {
  it.each(EACH)('$language/$name quotes only words that the pages say', async (each) => {
    const quoted = [...textFor(each.language, each.name).matchAll(/「([^」]*)」/g)]
    expect(quoted.length).toBeGreaterThan(each.name === 'data' ? -1 : 5)
    const unknown = quoted
      .map((match) => match[1] ?? '')
      .filter((text) => !phrases[each.language].some((phrase) => phrase.test(text)))
    expect(unknown).toEqual([])
  })

  it.each(GUIDES)('%s has the same sections and pictures in both languages', async (name) => {
    const trees = await Promise.all(LANGUAGES.map((each) => treeOf(textFor(each, name))))
    const [zh, en] = trees.map((tree) => {
      const { sections } = guideOf(tree, () => '')
      return {
        images: imagesIn(tree).map((image) => image.replace(/-en$/, '')),
        anchors: sections.map(({ id, level }) => `${level} ${id}`),
      }
    })
    expect(en).toEqual(zh)
    expect(new Set(zh?.anchors).size).toBe(zh?.anchors.length)
  })

  it.each(EACH)('$language/$name links to what is there', async ({ language, name }) => {
    const anchors = new Map<string, string[]>([['/help/api', []]])
    for (const each of GUIDES)
      anchors.set(`/help/${each}`, (await read(textFor(language, each))).sections.map(({ id }) => id)) // prettier-ignore
    const broken = linksIn(await treeOf(textFor(language, name))).filter((url) => {
      const [page = '', anchor] = (url.startsWith('#') ? `/help/${name}${url}` : url).split('#')
      if (!page.startsWith('/help')) return false
      return page !== '/help' && !(anchor === undefined ? anchors.has(page) : anchors.get(page)?.includes(anchor)) // prettier-ignore
    })
    expect(broken).toEqual([])
  })

  it('take in the text for developers as it is, with its picture and anchors as GitHub makes them', async () => {
    const tree = await treeOf(readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8'))
    const { sections } = guideOf(tree, (name) => name, englishAnchor)
    expect(sections.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['the-house', 'one-fix-from-the-street-to-the-map', 'a-new-feature']),
    )
    expect(imagesIn(tree).filter((name) => !existsSync(pictureFile(name)))).toEqual([])
  })

  it.each(EACH)('$language/$name says what each picture shows', async ({ language, name }) => {
    const images = [...piecesOf(await treeOf(textFor(language, name)))].filter(({ type }) => type === 'image') // prettier-ignore
    expect(images.filter(({ alt }) => (alt ?? '').length < 5)).toEqual([])
  })

  it('explain what the pages’ question marks lead to', async () => {
    for (const { guide, anchor } of Object.values(PLACES)) {
      const { sections } = await read(textFor('zh-CN', guide))
      expect(sections.map(({ id }) => id)).toContain(anchor)
    }
  })

  it('show pictures that are there, small, and made by a story; none is kept for nothing', async () => {
    const trees = await Promise.all(EACH.map((each) => treeOf(textFor(each.language, each.name))))
    const names = [...new Set(trees.flatMap(imagesIn))].sort()
    const stories = readdirSync(path.join(root, 'tests/e2e'))
      .map((file) => readFileSync(path.join(root, 'tests/e2e', file), 'utf8'))
      .join('\n')
    expect(names.filter((name) => !stories.includes(`'${name}'`))).toEqual([])
    expect(names.filter((name) => !existsSync(pictureFile(name)))).toEqual([])
    expect(names.filter((name) => statSync(pictureFile(name)).size > 60 * 1024)).toEqual([])
    const kept = readdirSync(path.dirname(pictureFile('any'))).map((file) => file.replace('.webp', '')) // prettier-ignore
    expect(kept.sort()).toEqual(names)
  })
})

describe('the data map', () => {
  /** A row of each table: its name, and for how long it says that it is kept. */
  const rowsOf = (language: string) =>
    new Map(
      [...textFor(language, 'data').matchAll(/^\| `(\w+)` +\|.*\| (.*?) +\|$/gm)].map(
        ([, name = '', kept = '']) => [name, kept],
      ),
    )
  const SAYS = {
    'zh-CN': { days: '天', now: '在职期间', proof: '工资证明期', last: '***', kept: '一直保留' },
    en: {
      days: 'days',
      now: 'while employed',
      proof: 'time of proof',
      last: '***',
      kept: 'for good',
    },
  } as const

  it.each(LANGUAGES)('in %s names every personal table, and how long it is kept', (language) => {
    const rows = rowsOf(language)
    expect([...rows.keys()].sort()).toEqual(PERSONAL.map(({ name }) => name).sort())
    const says = SAYS[language]
    const wrong = PERSONAL.filter(({ name, keep, erase }) => {
      const word = keep
        ? `${KEPT[keep].days} ${says.days}`
        : name === 'fixes'
          ? `30 ${says.days}`
          : says[erase]
      return !rows.get(name)?.includes(word)
    })
    expect(wrong.map(({ name }) => name)).toEqual([])
  })

  it.each(LANGUAGES)('in %s names the settings and their numbers', (language) => {
    const text = textFor(language, 'data')
    for (const { setting, days } of Object.values(KEPT))
      expect(text).toMatch(new RegExp(`${days}[^0-9]{0,6}\\W\`${setting}\``))
  })
})

describe('a guide', () => {
  it('is made of sections with anchors, and marks what the screen says', async () => {
    const guide = await read('# T\n\nIn <3 & 「签到」\n\n## A {#a}\n\n- x\n\n### B {#b}\n\n![y](p)')
    expect(guide).toEqual({
      title: 'T',
      intro: '<p>In &#60;3 &#38; <b class="said">签到</b></p>',
      sections: [
        { id: 'a', title: 'A', level: 2, html: '<ul><li>x</li></ul>' },
        { id: 'b', title: 'B', level: 3, html: '<div class="pictures"><img p></div>' },
      ],
    })
  })

  it.each([
    ['## no title {#a}', 'begins with # title'],
    ['# T\n\n## no anchor', 'must be ## or ###'],
    ['# T\n\n<script>x</script>', 'has no html'],
  ])('%j ends the build', async (text, why) => {
    await expect(read(text)).rejects.toThrow(why)
  })
})

describe('a search', () => {
  const section = (id: string, title: string, html: string) => ({ id, title, level: 2, html })
  const guide: Guide = {
    title: 'T',
    intro: '',
    sections: [
      section('a', 'Offline', '<p>Check in as <b>always</b>.</p>'),
      section('b', 'Check in', '<p>Press the button.</p>'),
    ],
  }
  const ids = (words: string) => searched([{ name: 'rep', guide }], words).map(({ id }) => id)

  it('finds sections with all the words, titles first', () => {
    expect(ids('check in')).toEqual(['b', 'a'])
    expect(ids('check always')).toEqual(['a'])
    expect(ids('nothing')).toEqual([])
    expect(ids(' ')).toEqual([])
  })

  it('reads text, not marks', () => {
    expect(textOf('<p>a &#60; <b class="said">b</b></p>')).toBe('a < b')
    expect(ids('class')).toEqual([])
  })
})
