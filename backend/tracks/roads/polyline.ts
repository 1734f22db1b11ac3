/**
 * Decodes an encoded polyline (Google's algorithm) into [lng, lat]. Null for a text that is none.
 * @param digits decimals of a degree: 6 for Valhalla
 * @see https://developers.google.com/maps/documentation/utilities/polylinealgorithm
 */
export function decodePolyline(text: string, digits: number): [lng: number, lat: number][] | null {
  const numbers = numbersIn(text)
  if (!numbers || numbers.length % 2 === 1) return null
  const factor = 10 ** digits
  const line: [number, number][] = []
  let [lng, lat] = [0, 0]
  for (let i = 0; i < numbers.length; i += 2) {
    lat += numbers[i] ?? 0
    lng += numbers[i + 1] ?? 0
    line.push([lng / factor, lat / factor])
  }
  return line
}

/** Five bits a character, the lowest first; the sixth says that more follow; the sign is the last bit. */
function numbersIn(text: string): number[] | null {
  const numbers: number[] = []
  let [value, place] = [0, 1]
  for (const character of text) {
    const bits = (character.codePointAt(0) ?? 0) - 63
    if (bits < 0 || bits > 63) return null
    value += (bits % 32) * place
    place *= 32
    if (bits >= 32) continue
    numbers.push(value % 2 === 1 ? -(value + 1) / 2 : value / 2)
    value = 0
    place = 1
  }
  return place === 1 ? numbers : null
}
