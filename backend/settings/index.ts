import type { Config } from '../core/config.ts'
import type { Me } from '../contract/people.ts'

/** Tile services by name, with the datum their pictures are drawn in. */
const NAMED: Record<string, Me['map']> = {
  osm: {
    tiles: 'https://tile.openstreetmap.org/{z}/{x}/{y}.png',
    datum: 'wgs84',
    attribution: '© OpenStreetMap contributors',
  },
  amap: {
    tiles:
      'https://webrd01.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}',
    datum: 'gcj02',
    attribution: '© 高德地图',
  },
  tencent: {
    tiles: 'https://rt0.map.gtimg.com/realtimerender?z={z}&x={x}&y={-y}&type=vector&style=0',
    datum: 'gcj02',
    attribution: '© 腾讯地图',
  },
}

const BUNDLED: Me['map'] = {
  tiles: null,
  datum: 'wgs84',
  attribution: '© OpenStreetMap contributors',
}

/**
 * The base map from MAP_TILES: nothing (the bundled one, works offline), a provider's name, or
 * `<datum>:<url template>` such as `gcj02:https://tiles.example/{z}/{x}/{y}.png`.
 */
export function mapOf(config: Pick<Config, 'mapTiles'>): Me['map'] {
  const given = config.mapTiles
  if (!given) return BUNDLED
  const named = NAMED[given.toLowerCase()]
  if (named) return named
  const [, datum, tiles] = /^(wgs84|gcj02|bd09):(.+)$/.exec(given) ?? []
  if (datum === 'gcj02' || datum === 'bd09')
    return { tiles: tiles ?? given, datum, attribution: '' }
  return { tiles: tiles ?? given, datum: 'wgs84', attribution: '' }
}

/** The origins that a map's tiles come from, as a content policy names them; none of the bundled map. */
export function imagesFrom({ tiles }: Me['map']): string[] {
  const [, scheme, host] = /^(https?:\/\/)([^/]+)/.exec(tiles ?? '') ?? []
  return scheme && host ? [scheme + host.replace(/^.*\{s\}[^.]*/, '*')] : []
}
