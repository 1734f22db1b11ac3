import L from 'leaflet'
import { onScopeDispose, watch } from 'vue'
import type { Customer } from '../../backend/contract/customers.ts'
import { useMap } from './context.ts'

const FROM_ZOOM = 14 // below this they would cover the map
const MOST = 400 // markers at once

/** Customers in view as small squares, from zoom 14. */
export function useCustomerLayer(customers: () => readonly Customer[]): void {
  const { map, at } = useMap()
  const drawn = L.layerGroup().addTo(map)
  const draw = () => {
    drawn.clearLayers()
    if (map.getZoom() < FROM_ZOOM) return
    const view = map.getBounds().pad(0.1)
    const inView = customers().filter(({ lng, lat }) => view.contains(at(lng, lat)))
    for (const { lng, lat, name } of inView.slice(0, MOST)) {
      const icon = L.divIcon({ className: 'customer-mark', html: '', iconSize: [8, 8] })
      const options = { icon, title: name, alt: name, keyboard: false, zIndexOffset: -1000 }
      drawn.addLayer(L.marker(at(lng, lat), options))
    }
  }
  map.on('moveend', draw)
  watch(customers, draw, { immediate: true })
  onScopeDispose(() => {
    map.off('moveend', draw)
    drawn.remove()
  })
}
