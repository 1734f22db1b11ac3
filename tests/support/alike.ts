import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'

const kept = path.resolve(import.meta.dirname, '../pictures/screens')
const made = path.resolve(import.meta.dirname, '../../dist/pictures')

const WIDE = { phone: 250, desk: 480 } // pixels: two thirds and a third of the screen's
const BLUR = 1.2 // pixels: how a machine draws the edges of its letters no longer tells
const STEPS = { much: 40, little: 9 } // of 255, in whichever colour differs most
/** What may differ, of all pixels: a letter's edge; not a line of text nor a button. */
const MAY = { much: 0.0008, little: 0.012 }

/**
 * Holds a picture of a screen against the one that is kept, both made small and soft; with REGEN=1 keeps it instead.
 * @returns what is wrong, in words; null: they are alike
 */
export async function unlike(name: string, shot: Buffer): Promise<string | null> {
  const file = path.join(kept, `${name}.webp`)
  const small = await smaller(shot)
  if (process.env['REGEN'] === '1') {
    mkdirSync(kept, { recursive: true })
    writeFileSync(file, small)
    return null
  }
  if (!existsSync(file)) return `${name} is not kept: npm run pictures`
  const said = await differs(readFileSync(file), small)
  if (said === null) return null
  writeFileSync(path.join(made, `${name}-kept.webp`), readFileSync(file))
  writeFileSync(path.join(made, `${name}-now.webp`), small)
  return `${name} ${said} (dist/pictures has both; if it is meant: npm run pictures)`
}

/** A screenshot as it is kept. */
export async function smaller(shot: Buffer): Promise<Buffer> {
  const { width, height } = await sharp(shot).metadata()
  const image = sharp(shot).resize({ width: height > width ? WIDE.phone : WIDE.desk })
  return image.webp({ quality: 80, effort: 6 }).toBuffer()
}

/** In which way two kept pictures differ, in words; null: not so that one would see it. */
export async function differs(before: Buffer, after: Buffer): Promise<string | null> {
  const [old, now] = [await softened(before), await softened(after)]
  const { width, height } = now.info
  if (old.info.width !== width || old.info.height !== height)
    return `has another size: ${width}×${height}`
  const { much, little, where } = compared(old.data, now.data, width)
  if (much <= MAY.much && little <= MAY.little) return null
  const share = (part: number) => `${(part * 100).toFixed(2)} %`
  return `differs: ${share(much)} much, ${share(little)} a little, around ${where} of ${width}×${height}`
}

const softened = (picture: Buffer) =>
  sharp(picture).removeAlpha().blur(BLUR).raw().toBuffer({ resolveWithObject: true })

/** Shares of all pixels that differ, and the middle of them. RGB bytes of one size. */
function compared(old: Uint8Array, now: Uint8Array, width: number) {
  const pixels = now.length / 3
  const found = { much: 0, little: 0, x: 0, y: 0 }
  for (let pixel = 0; pixel < pixels; pixel++) {
    const step = furthest(old, now, pixel * 3)
    if (step <= STEPS.little) continue
    found.little++
    found.x += pixel % width
    found.y += Math.floor(pixel / width)
    if (step > STEPS.much) found.much++
  }
  const middle = (sum: number) => Math.round(sum / (found.little || 1))
  const where = `${middle(found.x)},${middle(found.y)}`
  return { much: found.much / pixels, little: found.little / pixels, where }
}

const furthest = (old: Uint8Array, now: Uint8Array, at: number) =>
  Math.max(...[0, 1, 2].map((part) => Math.abs((old[at + part] ?? 0) - (now[at + part] ?? 0))))
