import {
  MARK_FONTS,
  markLines,
  markSizes,
  type PhotoMark,
} from '../../backend/contract/photoMark.ts'

const LONGEST = 1600 // pixels: a shop sign stays legible, a thin line carries it
const QUALITY = 0.82

/** Thrown for a file that is no picture, whatever its name says. */
export class NoPicture extends Error {}

/**
 * A photo made small on the phone, which also leaves its metadata out. A HEIC that the browser can not
 * draw is sent as it is.
 * @throws NoPicture
 */
export async function shrunk(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file).catch(() => null)
  if (picture === null) {
    if (await isHeic(file)) return file
    throw new NoPicture('the file is no picture')
  }
  const share = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * share))
  canvas.height = Math.max(1, Math.round(picture.height * share))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return (await jpegOf(canvas)) ?? file
}

/** By its first bytes: `ftyp` of a HEIF brand. */
async function isHeic(file: Blob): Promise<boolean> {
  const head = new TextDecoder('latin1').decode(await file.slice(4, 12).arrayBuffer())
  return /^ftyp(hei|hev|mif|msf)/.test(head)
}

/**
 * The picture with its watermark drawn in, to be shown on this phone before anything was sent. What is
 * sent is the picture without: the server burns in the same lines from what is in the chain, once.
 */
export async function marked(photo: Blob, mark: PhotoMark): Promise<Blob> {
  const picture = await createImageBitmap(photo).catch(() => null)
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d')
  if (picture === null || pen === null) return photo
  canvas.width = picture.width
  canvas.height = picture.height
  pen.drawImage(picture, 0, 0)
  picture.close()
  const { size, band, ems } = markSizes(canvas.width, canvas.height)
  const top = canvas.height - band
  pen.fillStyle = 'rgb(0 0 0 / 0.55)'
  pen.fillRect(0, top, canvas.width, band)
  pen.fillStyle = '#fff'
  for (const { text, at, weight } of markLines(mark, ems)) {
    pen.font = `${weight} ${size}px ${MARK_FONTS}`
    pen.fillText(text, size, top + size * at)
  }
  return (await jpegOf(canvas)) ?? photo
}

const jpegOf = (canvas: HTMLCanvasElement) =>
  new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
