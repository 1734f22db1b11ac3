import { computed, shallowRef, watch } from 'vue'
import { Day } from '../../../backend/contract/days.ts'
import { call } from '../../core/api.ts'
import { useLoaded } from '../../core/load.ts'

const WANTED = 'zuji.roads' // whether the person wants lines along roads
const THERE = 'zuji.roadsThere' // whether a road service answered in this visit: 1 or 0

export interface WhichDay {
  readonly personId: string
  readonly date: string // YYYY-MM-DD
}

/**
 * One day with its four states, and the choice of lines along roads. The choice is offered only
 * where a day came back with such a line; to know that, a day with a move is asked for once a visit.
 */
export function useDay(which: () => WhichDay) {
  const roads = shallowRef(localStorage.getItem(WANTED) === '1')
  const there = shallowRef(sessionStorage.getItem(THERE) === '1')
  const day = useLoaded(() => ask(which(), roads.value))
  const { data } = day
  watch(
    () => [which().personId, which().date],
    () => {
      data.value = null
      void day.load()
    },
    { immediate: true },
  )
  watch(data, (answer) => {
    if (answer === null || !hasMove(answer)) return
    if (roads.value) told(isMatched(answer))
    else if (sessionStorage.getItem(THERE) === null) void probe()
  })

  async function probe(): Promise<void> {
    sessionStorage.setItem(THERE, '0') // asked; whatever comes of it
    const answer = await ask(which(), true).catch(() => null)
    if (answer !== null) told(isMatched(answer))
  }

  function told(is: boolean): void {
    there.value = is
    sessionStorage.setItem(THERE, is ? '1' : '0')
  }

  function follow(wanted: boolean): void {
    roads.value = wanted
    localStorage.setItem(WANTED, wanted ? '1' : '0')
    void day.load()
  }

  /** Takes the server's answer to an edit; its lines are those of the positions. */
  function taken(answer: Day): void {
    data.value = answer
    if (roads.value) void day.load()
  }

  const roadsOffered = computed(() => there.value && data.value !== null && hasMove(data.value))
  return { ...day, roads, roadsOffered, follow, taken }
}

const ask = ({ personId, date }: WhichDay, roads: boolean) =>
  call(Day, `/api/v1/people/${encodeURIComponent(personId)}/days/${date}`, {
    query: { roads: roads ? '1' : undefined },
  })

const hasMove = ({ segments }: Day) => segments.some(({ kind, line }) => kind === 'move' && line)

const isMatched = ({ segments }: Day) => segments.some(({ matched }) => matched === true)
