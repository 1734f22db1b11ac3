import type { AlertKind } from '../../backend/contract/alerts.ts'
import type { IconName } from '../ui/icons.ts'

/** A shape for each kind: colour alone says nothing. */
export const KIND_ICONS: Record<AlertKind, IconName> = {
  sos: 'alert',
  silent: 'offline',
  no_movement: 'target',
  long_stop: 'pin',
  left_territory: 'route',
  late: 'bell',
  missing_punch: 'calendar',
  low_evidence: 'shield',
}
