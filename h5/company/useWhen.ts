import { dayOfYear, timeOfDay } from '../core/format.ts'
import { useSession } from '../core/session.ts'

/** A moment as day and time of the person's own clock. */
export function useWhen() {
  const session = useSession()
  return (at: number) => {
    const zone = session.me?.zone ?? 'Asia/Shanghai'
    return `${dayOfYear(at, zone)} ${timeOfDay(at, zone)}`
  }
}
