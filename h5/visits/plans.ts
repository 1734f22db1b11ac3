import { v7 } from 'uuid'
import {
  Optimised,
  PlanDay,
  PlanDays,
  type OpeningHours,
  type PlanStop,
  type ShownStop,
} from '../../backend/contract/plans.ts'
import { call } from '../core/api.ts'
import { dayOfYear } from '../core/format.ts'

const DAY_MS = 86_400_000

/** The date `days` after `date`, both YYYY-MM-DD. */
export const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)

/** The Monday of a date's week. */
export const mondayOf = (date: string): string =>
  dateAfter(date, -((new Date(Date.parse(date)).getUTCDay() + 6) % 7))

/** Noon of a date, for formats that want an instant; in UTC. */
export const noonOf = (date: string): number => Date.parse(`${date}T12:00:00Z`)

/** 周四, in the language that is spoken. */
export const weekdayOf = (date: string): string =>
  dayOfYear(noonOf(date), 'UTC').split(' ').at(-1) ?? ''

/** 09:05 from minutes after midnight. */
export function clockOf(minute: number): string {
  const whole = Math.round(minute)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(whole / 60) % 24)}:${two(whole % 60)}`
}

/** Minutes after midnight from 09:05; null for nothing. */
export function minuteOf(clock: string): number | null {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(clock) ?? []
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes)
}

/** Plans of some dates: mine, one person's, or everybody's a supervisor leads. */
export const loadPlans = (query: { from: string; to: string; personId?: string | undefined }) =>
  call(PlanDays, '/api/v1/plans', { query })

/** What a plan is said anew with: shown stops without what is only shown. */
export const spoken = ({
  id,
  customerId,
  fixedMinute,
  minutes,
  goal,
  origin,
}: PlanStop): PlanStop => ({ id, customerId, fixedMinute, minutes, goal, origin })

export interface PlanToSay {
  date: string
  basedOn: string | null
  stops: readonly PlanStop[]
  personId?: string | undefined
}

/** Says a plan whole. @throws CallFailed `conflict` when another came in between */
export const sayPlan = ({ stops, ...plan }: PlanToSay) =>
  call(PlanDay, '/api/v1/plans', { body: { ...plan, id: v7(), stops: stops.map(spoken) } })

export const newStop = (customerId: string, origin: PlanStop['origin']): PlanStop => ({
  id: v7(),
  customerId,
  fixedMinute: null,
  minutes: null,
  goal: '',
  origin,
})

export interface Asked {
  stops: readonly PlanStop[]
  start?: { lng: number; lat: number } | undefined
  startMinute?: number | undefined
  personId?: string | undefined
}

/** The best order of stops; nothing is kept. */
export const askOrder = (date: string, { stops, ...asked }: Asked) =>
  call(Optimised, `/api/v1/plans/${date}/optimise`, {
    body: { ...asked, stops: stops.map(spoken) },
  })

/** Those that nobody has been at yet. */
export const isAhead = (stop: ShownStop): boolean =>
  stop.status === 'planned' || stop.status === 'missed'

/** The same span every day; null when both are empty. */
export function everyDay(from: string, to: string): OpeningHours | null {
  const [opens, closes] = [minuteOf(from), minuteOf(to)]
  if (opens === null || closes === null || opens >= closes) return null
  return Array.from({ length: 7 }, () => [{ from: opens, to: closes }])
}
