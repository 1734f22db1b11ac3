import type { DatumName, Position } from './types.ts'

// The published GCJ-02 transform: Krasovsky 1940 ellipsoid, as in every open implementation.
const A = 6378245.0 // metres, semi-major axis
const EE = 0.00669342162296594323 // eccentricity squared
const X_PI = (Math.PI * 3000) / 180 // BD-09's angular constant
const ROUNDS = 4 // leave at most 1e-10° over the region

/** The rectangle that GCJ-02 is defined in; identity outside. */
export const inRegion = (lng: number, lat: number): boolean =>
  lng >= 72.004 && lng <= 137.8347 && lat >= 0.8293 && lat <= 55.8271

/** A position of any datum as WGS-84. Every finite input answers. */
export function toWgs84(position: Position<DatumName>, datum: DatumName): Position {
  const [lng, lat] = position
  switch (datum) {
    case 'wgs84':
      return [lng, lat]
    case 'gcj02':
      return gcj02ToWgs84([lng, lat])
    case 'bd09':
      return gcj02ToWgs84(bd09ToGcj02([lng, lat]))
  }
}

/** A WGS-84 position in the datum of a map. */
export function toDatum<D extends DatumName>(position: Position, datum: D): Position<D> {
  const [lng, lat] = converted(position, datum)
  return [lng, lat]
}

function converted(position: Position, datum: DatumName): Position<DatumName> {
  switch (datum) {
    case 'wgs84':
      return position
    case 'gcj02':
      return wgs84ToGcj02(position)
    case 'bd09':
      return gcj02ToBd09(wgs84ToGcj02(position))
  }
}

export function wgs84ToGcj02([lng, lat]: Position): Position<'gcj02'> {
  if (!inRegion(lng, lat)) return [lng, lat]
  const [dLng, dLat] = offset(lng, lat)
  return [lng + dLng, lat + dLat]
}

/** The inverse by a fixed number of rounds, so that no input can hang it. */
export function gcj02ToWgs84([lng, lat]: Position<'gcj02'>): Position {
  if (!inRegion(lng, lat)) return [lng, lat]
  let guess: readonly [number, number] = [lng, lat]
  for (let round = 0; round < ROUNDS; round++) {
    const [dLng, dLat] = offset(guess[0], guess[1])
    guess = [lng - dLng, lat - dLat]
  }
  return guess
}

export function gcj02ToBd09([lng, lat]: Position<'gcj02'>): Position<'bd09'> {
  if (!inRegion(lng, lat)) return [lng, lat]
  return bdForward(lng, lat)
}

export function bd09ToGcj02([lng, lat]: Position<'bd09'>): Position<'gcj02'> {
  if (!inRegion(lng, lat)) return [lng, lat]
  let guess: readonly [number, number] = [lng - 0.0065, lat - 0.006]
  for (let round = 0; round < ROUNDS + 2; round++) {
    const [bLng, bLat] = bdForward(guess[0], guess[1])
    guess = [guess[0] + lng - bLng, guess[1] + lat - bLat]
  }
  return guess
}

function bdForward(lng: number, lat: number): readonly [number, number] {
  const z = Math.hypot(lng, lat) + 0.00002 * Math.sin(lat * X_PI)
  const theta = Math.atan2(lat, lng) + 0.000003 * Math.cos(lng * X_PI)
  return [z * Math.cos(theta) + 0.0065, z * Math.sin(theta) + 0.006]
}

function offset(lng: number, lat: number): readonly [number, number] {
  const x = lng - 105
  const y = lat - 35
  const radLat = (lat / 180) * Math.PI
  const magic = 1 - EE * Math.sin(radLat) ** 2
  const root = Math.sqrt(magic)
  const dLat = (shiftLat(x, y) * 180) / (((A * (1 - EE)) / (magic * root)) * Math.PI)
  const dLng = (shiftLng(x, y) * 180) / ((A / root) * Math.cos(radLat) * Math.PI)
  return [dLng, dLat]
}

const wave = (value: number, period: number) => Math.sin((value / period) * Math.PI)

const fine = (x: number) =>
  ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3

function shiftLat(x: number, y: number): number {
  const base = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x))
  const middle = ((20 * wave(y, 1) + 40 * wave(y, 3)) * 2) / 3
  const long = ((160 * wave(y, 12) + 320 * wave(y, 30)) * 2) / 3
  return base + fine(x) + middle + long
}

function shiftLng(x: number, y: number): number {
  const base = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x))
  const middle = ((20 * wave(x, 1) + 40 * wave(x, 3)) * 2) / 3
  const long = ((150 * wave(x, 12) + 300 * wave(x, 30)) * 2) / 3
  return base + fine(x) + middle + long
}
