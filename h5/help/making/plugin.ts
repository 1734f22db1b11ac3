import { existsSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import type { Plugin } from 'vite'
import { imagesIn, treeOf } from './tree.ts'
import { englishAnchor, guideOf, type ImageOf } from './write.ts'

const HELP = path.resolve(import.meta.dirname, '..')

interface Picture {
  file: string
  width: number // pixels of the file
  height: number
}

const ROOT = path.resolve(HELP, '../..')

/** Where the picture of a name is kept; one with an ending is a file of the repository. */
export const pictureFile = (name: string) =>
  path.extname(name) === '' ? path.join(HELP, 'pictures', `${name}.webp`) : path.join(ROOT, name)

/** Makes each guide in `help/guides`, and CONTRIBUTING.md, a module that exports `guide`; its pictures are files of the build. */
export function guides(): Plugin {
  return {
    name: 'zuji-guides',
    enforce: 'pre',
    async transform(markdown, id) {
      if (!/\/(help\/guides\/[^/]+\/[^/]+|CONTRIBUTING)\.md$/.test(id)) return null
      const tree = await treeOf(markdown)
      const pictures = new Map<string, Picture>()
      for (const name of imagesIn(tree)) {
        if (existsSync(pictureFile(name))) pictures.set(name, await pictureOf(name))
        else this.warn(`no picture ${name}: npm run pictures`)
      }
      const anchors = id.endsWith('/CONTRIBUTING.md') ? [englishAnchor] : []
      const guide = guideOf(tree, imagesFrom(pictures), ...anchors)
      const code = moduleOf(JSON.stringify(guide), [...pictures.values()])
      return { code, map: null, moduleType: 'js' }
    },
  }
}

async function pictureOf(name: string): Promise<Picture> {
  const file = pictureFile(name)
  const { width = 0, height = 0 } = await sharp(file).metadata()
  return { file, width, height }
}

/** Images with their size, so that the text stays where it is while they come. */
function imagesFrom(pictures: ReadonlyMap<string, Picture>): ImageOf {
  const names = [...pictures.keys()]
  return (name, alt) => {
    const picture = pictures.get(name)
    if (!picture) return `<em>${alt}</em>` // the stories that make it need a build before
    const { width, height } = picture
    const kind = height > width ? 'phone' : 'desk'
    return `<img class="${kind}" src="picture:${names.indexOf(name)}" width="${width}" height="${height}" alt="${alt}" loading="lazy" decoding="async">`
  }
}

/** The addresses of pictures are known to the bundler alone, so the module puts them in. */
function moduleOf(json: string, pictures: readonly Picture[]): string {
  const imports = pictures.map(
    ({ file }, index) => `import p${index} from ${JSON.stringify(`${file}?no-inline`)}`,
  )
  const text = json.replace(/(?<=src=\\")picture:(\d+)/g, '" + p$1 + "')
  return `${imports.join('\n')}\nexport const guide = ${text}`
}
