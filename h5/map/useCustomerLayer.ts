import L from 'leaflet'
import { onScopeDispose, watch } from 'vue'
import type { Clusters } from '../../backend/contract/clusters.ts'
import { useMap, type MapContext } from './context.ts'

/** Asks for the customers of a part of the map. */
export type AskClusters = (
  box: readonly [number, number, number, number], // degrees WGS-84
  zoom: number,
) => Promise<Clusters>

export interface CustomersOnMap {
  ask: AskClusters
  /** Asked again whenever this changes. */
  version: () => unknown
  clusterLabel: (count: number) => string
  /** From which zoom on; below they would cover what else the map shows. */
  fromZoom: number
  select?: ((customerId: string) => void) | undefined
}

const MARGIN = 0.5 // of the view's size on each side: a small pan asks nothing
const SOON = 120 // ms after the last move

/** All customers, however many: the server says which lie together, the map holds those in view. */
export function useCustomerLayer(input: CustomersOnMap): void {
  const layer = new CustomerLayer(useMap(), input)
  watch(input.version, () => layer.renew())
  onScopeDispose(() => layer.remove())
}

class CustomerLayer {
  private readonly drawn = L.layerGroup()
  private readonly marks = new Map<string, L.Marker>()
  private asked: { box: L.LatLngBounds; zoom: number } | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private latest = 0
  private readonly context: MapContext
  private readonly input: CustomersOnMap

  constructor(context: MapContext, input: CustomersOnMap) {
    this.context = context
    this.input = input
    this.drawn.addTo(context.map)
    context.map.on('moveend', this.look)
    this.look()
  }

  renew(): void {
    this.asked = null
    this.look()
  }

  remove(): void {
    clearTimeout(this.timer)
    this.latest += 1
    this.context.map.off('moveend', this.look)
    this.drawn.remove()
  }

  private readonly look = () => {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.show(), SOON)
  }

  private async show(): Promise<void> {
    const { map } = this.context
    const zoom = Math.floor(map.getZoom())
    const view = map.getBounds()
    if (zoom < this.input.fromZoom) return this.draw({ total: 0, clusters: [], customers: [] })
    if (this.asked?.zoom === zoom && this.asked.box.contains(view)) return
    const box = view.pad(MARGIN)
    const mine = ++this.latest
    const found = await this.input.ask(boxOf(box), zoom).catch(() => null)
    if (mine !== this.latest || found === null) return // the next move asks again
    this.asked = { box, zoom }
    this.draw(found)
  }

  /** Keeps the marks that stay: making them is what costs. */
  private draw({ clusters, customers }: Clusters): void {
    if (clusters.length + customers.length === 0) this.asked = null
    const wanted = new Map<string, () => L.Marker>()
    for (const each of clusters)
      wanted.set(`${each.lng},${each.lat},${each.count}`, () => this.clusterMark(each))
    for (const each of customers) wanted.set(each.id, () => this.customerMark(each))
    for (const [key, mark] of this.marks) {
      if (wanted.has(key)) continue
      this.drawn.removeLayer(mark)
      this.marks.delete(key)
    }
    for (const [key, make] of wanted) {
      if (this.marks.has(key)) continue
      const mark = make()
      this.marks.set(key, mark)
      this.drawn.addLayer(mark)
    }
  }

  private customerMark({ id, name, lng, lat }: Clusters['customers'][number]): L.Marker {
    const { select } = this.input
    const size = select ? 44 : 8 // px: a finger's, or no more than is seen
    const icon = L.divIcon({
      className: select ? 'customer-touch' : 'customer-mark',
      html: select ? '<i class="customer-mark"></i>' : '',
      iconSize: [size, size],
    })
    const mark = L.marker(this.context.at(lng, lat), {
      icon,
      title: name,
      alt: name,
      keyboard: select !== undefined,
      interactive: select !== undefined,
      zIndexOffset: -1000,
    })
    if (select) mark.on('click', () => select(id))
    return mark
  }

  private clusterMark({ lng, lat, count }: Clusters['clusters'][number]): L.Marker {
    const { map, at } = this.context
    const label = this.input.clusterLabel(count)
    const size = count < 10 ? 28 : count < 100 ? 32 : count < 1000 ? 38 : 46
    const text = count < 10_000 ? String(count) : `${Math.round(count / 1000)}k`
    const icon = L.divIcon({
      className: 'customer-cluster',
      html: `<b>${text}</b>`,
      iconSize: [size, size],
    })
    const mark = L.marker(at(lng, lat), { icon, title: label, alt: label, zIndexOffset: -1000 })
    return mark.on('click', () => map.setView(at(lng, lat), Math.min(map.getZoom() + 2, 19)))
  }
}

/** Tiles of another datum are shifted by less than the margin. */
const boxOf = (box: L.LatLngBounds): [number, number, number, number] => [
  Math.max(-180, box.getWest()),
  Math.max(-90, box.getSouth()),
  Math.min(180, box.getEast()),
  Math.min(90, box.getNorth()),
]
