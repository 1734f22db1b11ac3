/**
 * Rectangles around countries by ISO 3166 code, generous by about half a degree: degrees WGS-84,
 * west south east north. Good for one question only: was longitude swapped with latitude?
 */
const BOXES: Record<string, Box> = {
  CN: [73, 3, 135.5, 54],
  HK: [113.5, 21.8, 114.8, 22.9],
  MO: [113.2, 21.8, 114, 22.6],
  TW: [117.8, 20.4, 123, 26.8],
  SG: [103.2, 0.8, 104.8, 1.9],
  MY: [99.1, 0.3, 119.8, 7.9],
  VN: [101.6, 7.9, 110, 23.9],
  TH: [96.8, 5.1, 106.1, 21],
  ID: [94.5, -11.5, 141.5, 6.6],
  PH: [116.4, 4.1, 127.2, 21.6],
  JP: [122.4, 23.5, 154.5, 46],
  KR: [124, 32.5, 132.4, 39.1],
  IN: [67.6, 6.2, 97.9, 36],
}

type Box = readonly [west: number, south: number, east: number, north: number]

/** Outside of all the countries as given, inside of one when turned round. Unknown countries: never. */
export function looksSwapped(lng: number, lat: number, countries: readonly string[]): boolean {
  let turned = false
  for (const code of countries) {
    const box = BOXES[code]
    if (!box || within(box, lng, lat)) return false
    turned ||= within(box, lat, lng)
  }
  return turned
}

const within = ([west, south, east, north]: Box, x: number, y: number) =>
  x >= west && x <= east && y >= south && y <= north
