import { computed, onMounted, onScopeDispose, shallowRef, type Ref } from 'vue'
import type { Department, Person } from '../../../backend/contract/people.ts'
import { PlanDays, type PlanDay } from '../../../backend/contract/plans.ts'
import { Questions, type SavedQuestion } from '../../../backend/contract/questions.ts'
import { Territories } from '../../../backend/contract/territories.ts'
import { call } from '../../core/api.ts'
import { isoDate } from '../../core/format.ts'
import { useLoaded } from '../../core/load.ts'
import { answersOf, type Appointment } from './answers.ts'

const PATH = '/api/v1/live/questions'
const RENEW_MS = 5 * 60_000 // plans change now and then

interface Asked {
  people: Ref<readonly Person[]>
  departments: Ref<readonly Department[]>
  now: Ref<number>
  zone: string
}

/** A supervisor's questions and, with every move, whom they find. */
export function useQuestions({ people, departments, now, zone }: Asked) {
  const { data, load } = useLoaded(() => call(Questions, PATH))
  const chosen = shallowRef<string | null>(null) // id of the question that filters the list
  const questions = computed(() => data.value?.questions ?? [])
  const has = (kind: SavedQuestion['kind']) => questions.value.some((each) => each.kind === kind)

  const today = () => isoDate(now.value, zone)
  const plans = useLoaded(() => call(PlanDays, '/api/v1/plans', { query: { from: today(), to: today() } })) // prettier-ignore
  const territories = useLoaded(() => call(Territories, '/api/v1/territories'))
  const tick = computed(() => Math.floor(now.value / 5000) * 5000)
  const around = computed(() => ({
    now: tick.value,
    appointments: appointmentsOf(plans.data.value?.days ?? [], zone),
    territories: new Map((territories.data.value?.territories ?? []).map(({ departmentId, area }) => [departmentId, area])), // prettier-ignore
    lineages: lineagesOf(departments.value),
  }))
  const answers = computed(
    () =>
      new Map(
        questions.value.map((each) => [each.id, answersOf(each, people.value, around.value)]),
      ),
  )
  const found = computed(() => {
    const answer = chosen.value === null ? null : (answers.value.get(chosen.value) ?? null)
    return answer && new Set(answer.map(({ personId }) => personId))
  })

  function renew(): void {
    if (has('late_for')) void plans.load()
    if (has('outside')) void territories.load()
  }
  async function save(all: readonly SavedQuestion[]): Promise<void> {
    data.value = await call(Questions, PATH, { method: 'PUT', body: { questions: all } })
    if (!all.some(({ id }) => id === chosen.value)) chosen.value = null
    renew()
  }
  const renewal = setInterval(renew, RENEW_MS)
  onMounted(() => void load().then(renew))
  onScopeDispose(() => clearInterval(renewal))
  return { questions, answers, chosen, found, save }
}

/** Stops with a time that nobody has been at yet. */
function appointmentsOf(days: readonly PlanDay[], zone: string): Appointment[] {
  return days.flatMap(({ personId, date, stops }) =>
    stops.flatMap(({ fixedMinute, status, lng, lat, customer }) =>
      fixedMinute === null || status !== 'planned' || lng === null || lat === null
        ? []
        : [{ personId, customer, lng, lat, at: momentOf(date, fixedMinute, zone) }],
    ),
  )
}

/** The moment a clock in the zone shows so many minutes after midnight of a date. */
function momentOf(date: string, minute: number, zone: string): number {
  const face = Date.parse(`${date}T00:00:00Z`) + minute * 60_000
  const shown = new Date(face).toLocaleString('sv-SE', { timeZone: zone })
  return face - (Date.parse(`${shown.replace(' ', 'T')}Z`) - face)
}

function lineagesOf(departments: readonly Department[]): Map<string, string[]> {
  const parents = new Map(departments.map(({ id, parentId }) => [id, parentId]))
  const lineOf = (id: string): string[] => {
    const line = [id]
    for (let up = parents.get(id); up && !line.includes(up); up = parents.get(up)) line.push(up)
    return line
  }
  return new Map(departments.map(({ id }) => [id, lineOf(id)]))
}
