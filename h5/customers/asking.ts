import { Clusters } from '../../backend/contract/clusters.ts'
import { call } from '../core/api.ts'
import type { AskClusters } from '../map/useCustomerLayer.ts'

/** The customers of a part of the map that I may see. @param tag only those that have it; empty: all */
export const askTagged = (tag: string, ...[box, zoom]: Parameters<AskClusters>) =>
  call(Clusters, '/api/v1/customers/clusters', {
    query: {
      bbox: box.map((degrees) => degrees.toFixed(6)).join(','),
      zoom,
      tag: tag || undefined,
    },
  })

export const askClusters: AskClusters = (box, zoom) => askTagged('', box, zoom)
