import sharp from 'sharp'
import phash from 'sharp-phash'
import { Fault } from '../../core/errors.ts'

/** A picture made ready: without metadata, upright, of a sensible size. */
export interface Developed {
  readonly clean: Buffer // JPEG
  readonly thumb: Buffer // JPEG
  readonly width: number // of what came
  readonly height: number
  readonly phash: string | null // 64 bits; null: too plain to be told from others
}

export const MAX_PIXELS = 40_000_000
const LONGEST = 2048 // pixels of the kept copy
const THUMB = 320

const limited = (bytes: Uint8Array) =>
  sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 })

/**
 * Reads a JPEG, PNG or WebP. Its size is judged by the header, before anything is decoded.
 * @throws Fault bad_input for too many pixels or what is no whole picture.
 */
export async function develop(bytes: Uint8Array): Promise<Developed> {
  try {
    const { width, height } = await limited(bytes).metadata()
    refuseHuge(width, height)
    const clean = await limited(bytes)
      .rotate() // as its EXIF says, which is then left out
      .resize({ width: LONGEST, height: LONGEST, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 84 })
      .toBuffer()
    const thumb = await sharp(clean)
      .resize({ width: THUMB, height: THUMB, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 76 })
      .toBuffer()
    return { clean, thumb, width, height, phash: await telling(clean) }
  } catch (error) {
    if (error instanceof Fault) throw error
    throw faultOf(error)
  }
}

function refuseHuge(width: number, height: number) {
  if (width * height > MAX_PIXELS) throw tooMany()
}

const tooMany = () => badPhoto(`may have ${MAX_PIXELS / 1e6} million pixels`)

const badPhoto = (rule: string) =>
  new Fault('bad_input', `body.file: ${rule}`, [{ field: 'file', rule }])

function faultOf(error: unknown): Fault {
  const said = error instanceof Error ? error.message : ''
  return /pixel limit/i.test(said) ? tooMany() : badPhoto('is not a whole picture')
}

const PLAIN = 8 // of 255, standard deviation of the brightest channel: a wall in the dark

/** The perceptual hash of a picture; null for one so plain that its hash would be noise. */
async function telling(picture: Buffer): Promise<string | null> {
  const { channels } = await sharp(picture).stats()
  return Math.max(...channels.map(({ stdev }) => stdev)) < PLAIN ? null : phash(picture)
}
