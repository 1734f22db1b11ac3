import { useI18n } from 'vue-i18n'
import { distance } from '../core/format.ts'

/** Says metres as people do: `80 m`, `1.2 km`. */
export function useFar(): (metres: number) => string {
  const { t } = useI18n()
  return (metres) => {
    const { value, unit } = distance(metres)
    return `${value} ${t(unit === 'm' ? 'core.metres' : 'core.kilometres')}`
  }
}
