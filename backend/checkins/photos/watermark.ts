import sharp from 'sharp'
import { MARK_FONTS, markLines, markSizes, type PhotoMark } from '../../contract/photoMark.ts'

/**
 * The picture with its watermark burnt in, as JPEG. The lines are drawn by this server from what is in
 * the chain: the phone shows the same ones over its own copy and sends the picture without them.
 */
export async function watermarked(clean: Buffer, mark: PhotoMark): Promise<Buffer> {
  const { width, height } = await sharp(clean).metadata()
  return sharp(clean)
    .composite([{ input: Buffer.from(svgOf(width, height, mark)), gravity: 'south' }])
    .jpeg({ quality: 86 })
    .toBuffer()
}

function svgOf(width: number, height: number, mark: PhotoMark): string {
  const { size, band, ems } = markSizes(width, height)
  const lines = markLines(mark, ems).map(
    ({ text, at, weight }) =>
      `<text x="${size}" y="${Math.round(size * at)}" font-size="${size}" font-weight="${weight}">${escaped(text)}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${band}">
    <rect width="100%" height="100%" fill="#000" fill-opacity="0.55"/>
    <g fill="#fff" font-family="${MARK_FONTS}">${lines.join('')}</g>
  </svg>`
}

const CODES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) =>
  text.replace(/[\x00-\x1f]/g, ' ').replace(/[&<>"]/g, (each) => CODES[each] ?? each)
