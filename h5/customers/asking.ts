import { Clusters } from '../../backend/contract/clusters.ts'
import { call } from '../core/api.ts'
import type { AskClusters } from '../map/useCustomerLayer.ts'

/** The customers of a part of the map that I may see. */
export const askClusters: AskClusters = (box, zoom) =>
  call(Clusters, '/api/v1/customers/clusters', {
    query: { bbox: box.map((degrees) => degrees.toFixed(6)).join(','), zoom },
  })
