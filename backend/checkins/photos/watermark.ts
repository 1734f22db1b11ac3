import sharp from 'sharp'

/** What is burnt into the lower edge of a picture, a line each. */
export interface Mark {
  readonly place: string
  readonly time: string
  readonly who: string // name, accuracy
}

const FONTS = "'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif"

/** The picture with its watermark burnt in, as JPEG. The lines are drawn by this server from what is in the chain. */
export async function watermarked(clean: Buffer, mark: Mark): Promise<Buffer> {
  const { width, height } = await sharp(clean).metadata()
  return sharp(clean)
    .composite([{ input: Buffer.from(svgOf(width, height, mark)), gravity: 'south' }])
    .jpeg({ quality: 86 })
    .toBuffer()
}

function svgOf(width: number, height: number, { place, time, who }: Mark): string {
  const size = Math.max(12, Math.round(Math.min(width, height) / 24))
  const band = Math.min(height, Math.round(size * 4.9))
  const line = (text: string, at: number, weight: number) =>
    `<text x="${size}" y="${Math.round(size * at)}" font-size="${size}" font-weight="${weight}">${escaped(fitted(text, width / size - 2))}</text>`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${band}">
    <rect width="100%" height="100%" fill="#000" fill-opacity="0.55"/>
    <g fill="#fff" font-family="${FONTS}">${line(place, 1.5, 700)}${line(time, 2.95, 400)}${line(who, 4.35, 400)}</g>
  </svg>`
}

/** Cut to so many ems; a letter outside of CJK is about half of one. */
function fitted(text: string, ems: number): string {
  let room = ems
  let kept = ''
  for (const letter of text) {
    room -= letter > '\u2e7f' ? 1 : 0.58
    if (room < 0) return `${kept}…`
    kept += letter
  }
  return kept
}

const CODES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) =>
  text.replace(/[\x00-\x1f]/g, ' ').replace(/[&<>"]/g, (each) => CODES[each] ?? each)
