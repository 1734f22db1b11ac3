import type { Person } from '../../../backend/contract/people.ts'
import type { Question } from '../../../backend/contract/questions.ts'
import type { Area } from '../../../backend/contract/territories.ts'
import { isInPolygon, metresBetween, type Place } from '../../../geo/index.ts'
import { lasting } from '../attention.ts'

/** An appointment that is still to come. */
export interface Appointment extends Place {
  readonly personId: string
  readonly at: number // epoch ms
  readonly customer: string
}

/** What questions need to know besides people. */
export interface Surroundings {
  readonly now: number // server clock, epoch ms
  readonly appointments: readonly Appointment[]
  readonly territories: ReadonlyMap<string, Area> // by department
  readonly lineages: ReadonlyMap<string, readonly string[]> // a department and those above it
}

/** Whom a question finds; the first are the most pressing. */
export interface Answer {
  readonly personId: string
  readonly value: number // ms still or silent, metres away, ms late; 0 where there is no amount
}

const MINUTE = 60_000
const DETOUR = 1.4 // streets against the straight line, as routes in towns have it
const SPEED = 20 / 3.6 // m/s, by car through a town with its lights and parking

/** Everybody a question finds among these people. Pure; some microseconds a person. */
export function answersOf(
  question: Question,
  people: readonly Person[],
  around: Surroundings,
): Answer[] {
  const next = question.kind === 'late_for' ? nextOf(around) : new Map<string, Appointment>()
  const all = { ...around, next }
  const found = people.flatMap((person) => {
    const value = valueOf(question, person, all)
    return value === null ? [] : [{ personId: person.id, value }]
  })
  const sign = question.kind === 'near' ? 1 : -1
  return found.sort((a, b) => sign * (a.value - b.value) || (a.personId < b.personId ? -1 : 1))
}

/** The next appointment of everybody who has one. */
function nextOf({ appointments, now }: Surroundings): Map<string, Appointment> {
  const next = new Map<string, Appointment>()
  for (const each of appointments) {
    const known = next.get(each.personId)
    if (each.at > now && (!known || each.at < known.at)) next.set(each.personId, each)
  }
  return next
}

interface Around extends Surroundings {
  readonly next: ReadonlyMap<string, Appointment>
}

/** Null: the question does not find him. */
function valueOf(question: Question, person: Person, around: Around): number | null {
  if (person.state === 'off_duty') return null
  switch (question.kind) {
    case 'still':
      return ['still', 'at_customer'].includes(person.state) ? atLeast(lasting(person, around.now), question.minutes) : null // prettier-ignore
    case 'silent':
      return person.state === 'silent' ? atLeast(lasting(person, around.now), question.minutes) : null // prettier-ignore
    case 'near':
      return nearness(question, person)
    case 'late_for':
      return lateness(person, around)
    case 'outside':
      return isOutside(person, around) ? 0 : null
  }
}

const atLeast = (ms: number, minutes: number) => (ms >= minutes * MINUTE ? ms : null)

function nearness(question: Extract<Question, { kind: 'near' }>, { state, last }: Person) {
  if (last === null || state === 'at_customer' || state === 'silent') return null
  const metres = metresBetween(last, question)
  return metres <= question.km * 1000 ? metres : null
}

/** By how much he comes late to his next appointment if he leaves now and goes as one goes through a town. */
function lateness({ id, last, customerId }: Person, { now, next: appointments }: Around) {
  const next = appointments.get(id)
  if (!next || last === null) return null
  const way = customerId !== null && metresBetween(last, next) < 200 ? 0 : metresBetween(last, next)
  const late = now + ((way * DETOUR) / SPEED) * 1000 - next.at
  return late > 0 ? late : null
}

function isOutside({ departmentId, last }: Person, { territories, lineages }: Surroundings) {
  const lineage = lineages.get(departmentId) ?? [departmentId]
  const area = lineage.map((id) => territories.get(id)).find((each) => each !== undefined)
  return area !== undefined && last !== null && !isInPolygon(last, { polygons: area.coordinates })
}
