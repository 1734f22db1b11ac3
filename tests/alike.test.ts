import sharp from 'sharp'
import { expect, test } from 'vitest'
import { differs, smaller } from './support/alike.ts'

/** A phone's screen with lines of text, a button, and its letters' edges drawn more or less softly. */
function screen({ left = 48, colour = '#0f7f5f', soft = 0.3, lines = 12 } = {}): Promise<Buffer> {
  const texts = Array.from({ length: lines }, (_, line) =>
    Array.from({ length: 20 }, (_, sign) => `<rect x="${60 + sign * 30}" y="${200 + line * 80}" width="${8 + (sign % 3) * 8}" height="24" fill="#16211d"/>`).join('')) // prettier-ignore
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="750" height="1624"><rect width="750" height="1624" fill="#f5f7f6"/>${texts.join('')}<rect x="${left}" y="1460" width="654" height="96" rx="20" fill="${colour}"/></svg>`
  return sharp(Buffer.from(svg)).blur(soft).png().toBuffer()
}
const against = async (other: Parameters<typeof screen>[0]) =>
  differs(await smaller(await screen()), await smaller(await screen(other)))

test('letters whose edges are drawn otherwise are the same screen', async () => {
  expect(await against({ soft: 1.1 })).toBeNull()
})

test.each([
  ['a button moved by 8 px of the screen', { left: 64 }],
  ['a button of another green', { colour: '#0f9f5f' }],
  ['a line of text less', { lines: 11 }],
])('%s is another', async (_, other) => {
  expect(await against(other)).toMatch(/^differs: /)
})
