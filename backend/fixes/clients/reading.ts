import { v5 as uuid } from 'uuid'
import type { Fix } from '../../contract/fixes.ts'

/** What a tracker's payload says: positions by time, and the device's name where it gives one. */
export interface ClientReport {
  device: string | null
  fixes: ClientFix[]
}

/** A fix in our words: ms, m, m/s, degrees, per cent; WGS-84. Not judged yet. */
export type ClientFix = Pick<Fix, 'id' | 'at' | 'lng' | 'lat'> &
  Partial<
    Record<'accuracy' | 'speed' | 'heading' | 'altitude' | 'battery', number | undefined> & {
      network: string | undefined
      mock: boolean | undefined
      source: string
    }
  >

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]

/** A finite number, also from its text; anything else is absent. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'string' && value.trim() === '') return undefined
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

/** Trackers say −1 for "not known". */
export function positiveOf(value: unknown): number | undefined {
  const number = numberOf(value)
  return number !== undefined && number >= 0 ? number : undefined
}

/** A share of 0–1 as per cent. */
export function percentOf(value: unknown): number | undefined {
  const share = positiveOf(value)
  return share === undefined ? undefined : Math.round(share * 100)
}

export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null

const SECONDS_END = 1e11 // as seconds the year 5138, as milliseconds 1973: no tracker means either

/** Epoch seconds or milliseconds, as number or text, or a date in words; undefined when it is none. */
export function timeOf(value: unknown): number | undefined {
  const number = numberOf(value)
  if (number !== undefined) return Math.round(number < SECONDS_END ? number * 1000 : number)
  const text = textOf(value)
  const words = text === null ? NaN : Date.parse(isoOf(text))
  return Number.isFinite(words) ? words : undefined
}

/** "2026-03-10 01:02:03" has no zone: trackers mean UTC. */
const isoOf = (text: string) =>
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? `${text.replace(' ', 'T')}Z` : text

const NAMESPACE = '3f6d4a0e-8f0b-5b51-9d35-6f2f5a0c7b11'

/**
 * The same device, time and place give the same id, so that a repeated delivery is one fix. As bytes: of a text
 * with half a surrogate pair, which JSON can hold, the library makes an error.
 */
export const idFor = (device: string | null, at: number, lng: number, lat: number) =>
  uuid(Buffer.from(`${device ?? ''}/${at}/${lng}/${lat}`), NAMESPACE)
