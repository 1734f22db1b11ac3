import sharp from 'sharp'
import { randomOf } from '../../fixtures/random.ts'

/** A made-up photo: another word, another scene. JPEG, 800 × 600. */
export function photoOf(word: string, width = 800, height = 600): Promise<Buffer> {
  const random = randomOf('photo', word)
  const shapes = Array.from({ length: 24 }, () => {
    const colour = `rgb(${random.whole(0, 255)},${random.whole(0, 255)},${random.whole(0, 255)})`
    const [x, y] = [random.between(-80, width), random.between(-80, height)]
    return `<rect x="${x}" y="${y}" width="${random.between(60, 340)}" height="${random.between(60, 300)}" fill="${colour}"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#9ab"/>${shapes.join('')}</svg>`
  return sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer()
}
