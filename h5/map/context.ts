import type L from 'leaflet'
import { inject, type InjectionKey } from 'vue'

/** What a layer inside of <MapView> works with. Positions are WGS-84; only `at` and `from` know the tiles' datum. */
export interface MapContext {
  readonly map: L.Map
  readonly at: (lng: number, lat: number) => L.LatLng
  readonly from: (place: L.LatLng) => [lng: number, lat: number]
}

export const MAP: InjectionKey<MapContext> = Symbol('map')

/** @throws outside of <MapView> */
export function useMap(): MapContext {
  const context = inject(MAP)
  if (context === undefined) throw new Error('a map layer stands outside of <MapView>')
  return context
}

/** Whether somebody asked his system for less motion: then the map jumps instead of gliding. */
export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches
