// `npm run pictures`: runs the browser stories that make pictures: those of the guides are kept small in
// h5/help/pictures, those of the key screens in tests/pictures/screens, where the next run of their story compares
// them. `-- kept` takes for the guides what the stories left in dist/pictures.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { buildStale } from './build.mjs'
import { root } from './stale.mjs'

const MOST = 48 * 1024 // bytes of a picture
const WIDE = { phone: 560, desk: 1080 } // pixels: twice, and nearly twice, what a guide shows
const guides = path.join(root, 'h5/help/guides')
const kept = path.join(root, 'h5/help/pictures')
const stories = path.join(root, 'tests/e2e')

const textsBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }))

const names = new Set(
  textsBelow(guides).flatMap(({ text }) =>
    [...text.matchAll(/!\[[^\]]*\]\(([\w-]+)\)/g)].map((match) => match[1]),
  ),
)

function storyOf(name) {
  const story = textsBelow(stories).find(({ text }) => text.includes(`'${name}'`))
  if (!story) throw new Error(`no story makes the picture ${name}`)
  return path.relative(root, story.file)
}

async function shrink(name) {
  const file = path.join(root, 'dist/pictures', `${name}.png`)
  if (!existsSync(file)) throw new Error(`${storyOf(name)} has left no picture ${name}`)
  const { width, height } = await sharp(file).metadata()
  const image = sharp(file).resize({ width: height > width ? WIDE.phone : WIDE.desk })
  for (let quality = 80; quality >= 30; quality -= 10) {
    const small = await image.clone().webp({ quality }).toBuffer()
    if (small.length > MOST) continue
    return writeFileSync(path.join(kept, `${name}.webp`), small)
  }
  throw new Error(`${name} can not be made smaller than ${MOST} bytes`)
}

const files = [...new Set([...names].map(storyOf)).add('tests/e2e/screens.test.ts')]
if (process.argv[2] !== 'kept') {
  await buildStale()
  const words = ['run', '--config', '.config/vitest.config.ts', '--project', 'browser', ...files]
  const done = spawnSync(path.join(root, 'node_modules/.bin/vitest'), words, { cwd: root, stdio: 'inherit', env: { ...process.env, REGEN: '1' } }) // prettier-ignore
  if (done.status !== 0) throw new Error('a story failed')
}
rmSync(kept, { recursive: true, force: true })
mkdirSync(kept, { recursive: true })
for (const name of names) await shrink(name)
