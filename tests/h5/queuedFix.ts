import { v7 } from 'uuid'
import type { QueuedFix } from '../../h5/report/ports.ts'

/** A fix as it waits on a phone, of that moment (epoch ms). */
export const fixAt = (at: number): QueuedFix => ({
  id: v7(),
  at,
  lng: 114.05,
  lat: 22.54,
  datum: 'wgs84',
  accuracy: 12,
  speed: null,
  heading: null,
  altitude: null,
  source: 'wecom',
})
