import { useI18n } from 'vue-i18n'
import type { Person } from '../../backend/contract/people.ts'
import { timeOfDay } from '../core/format.ts'
import { ageOf } from './age.ts'
import { lasting } from './attention.ts'

/** What is said of a person, in the reader's language. `now` is the server's clock, epoch ms. */
export function useWording() {
  const { t } = useI18n()

  const long = (ms: number) => {
    const { unit, n } = ageOf(ms)
    return t(`live.age.${unit}`, { n })
  }

  /** How old the position is, as in 12 秒前. */
  function age(person: Person, now: number): string {
    return person.last === null ? '' : t('live.ago', { age: long(now - person.last.at) })
  }

  /** The second line of the list: state, how long, where or why. */
  function line(person: Person, now: number, zone: string): string {
    if (person.state === 'off_duty') return ended(person, now, zone)
    const lasts = lasting(person, now)
    const what =
      person.state === 'at_customer'
        ? t('live.at', { customer: person.customer ?? t('live.aCustomer') })
        : t(`live.state.${person.state}`)
    const first = lasts === 0 ? what : `${what} ${long(lasts)}`
    if (person.state !== 'silent' || person.reason === null) return first
    return `${first} · ${t(`core.reason.${person.reason}`)}`
  }

  function ended({ dutyTo }: Person, now: number, zone: string): string {
    if (dutyTo === null || dutyTo > now) return t('live.off')
    return t('live.wentOff', { time: timeOfDay(dutyTo, zone) })
  }

  return { age, line, long }
}
