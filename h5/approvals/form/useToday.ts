import { computed } from 'vue'
import { useRoute } from 'vue-router'
import { IsoDate } from '../../../backend/contract/terms.ts'
import { isoDate } from '../../core/format.ts'
import { useSession } from '../../core/session.ts'

/** Today on the person's calendar, and the date that the page was opened for. */
export function useToday() {
  const session = useSession()
  const route = useRoute()
  const today = computed(() =>
    isoDate(Date.now() + session.clockAhead, session.me?.zone ?? 'Asia/Shanghai'),
  )
  const asked = IsoDate.safeParse(route.query['date'])
  return { today, date: asked.success ? asked.data : today.value }
}

/** The date `days` later. */
export const dateAfter = (date: string, days: number) =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)

/** Whether both parts of a clock time are there, as an input gives them. */
export const isClock = (text: string) => /^\d\d:\d\d$/.test(text)
