import { childAt, textAt, type XmlElement } from '../callback/xml.ts'

/** Trimmed; null when nothing is left or it is longer than `most`. */
export function word(text: string | null, most = 256): string | null {
  const trimmed = text?.trim() ?? ''
  return trimmed !== '' && trimmed.length <= most ? trimmed : null
}

/** A whole number of at most 15 digits. */
export function integer(text: string | null): number | null {
  const trimmed = text?.trim() ?? ''
  return /^\d{1,15}$/.test(trimmed) ? Number(trimmed) : null
}

/** Seconds of WeCom's clock as epoch ms; of at most ten digits, so before the year 2287. */
export function instant(text: string | null): number | null {
  const seconds = integer(text)
  return seconds !== null && seconds < 1e10 ? seconds * 1000 : null
}

/** A plain decimal number whose size is at most `most`. */
export function decimal(text: string | null, most: number): number | null {
  const trimmed = text?.trim() ?? ''
  if (!/^-?\d{1,9}(\.\d{1,20})?$/.test(trimmed)) return null
  const value = Number(trimmed)
  return Math.abs(value) <= most ? value : null
}

/** What stands between commas, without empty pieces. */
export const listed = (text: string | null): string[] =>
  (text ?? '')
    .split(',')
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')

/** A place in degrees, from the named children of the element at `path`; null unless both are there. */
export function placeAt(
  root: XmlElement,
  names: { lat: string; lng: string },
  ...path: readonly string[]
): { lng: number; lat: number } | null {
  const at = childAt(root, ...path)
  const lat = at && decimal(textAt(at, names.lat), 90)
  const lng = at && decimal(textAt(at, names.lng), 180)
  return lat === null || lng === null ? null : { lng, lat }
}
