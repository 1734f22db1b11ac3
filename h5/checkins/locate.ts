import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { useSession } from '../core/session.ts'
import type { Position, Trouble } from '../report/ports.ts'
import { positionSource, useReport } from '../report/store.ts'

const OLD_MS = 30_000 // a position older than this is asked for anew
const PATIENCE_MS = 12_000

export interface Located {
  position: ComputedRef<Position | null>
  searching: ShallowRef<boolean>
  trouble: ComputedRef<Trouble | null>
  again: () => void
}

/**
 * One position for one act. While the track is recorded it is the track's newest, asked for anew when
 * old; off duty the source is opened for this page only, and nothing of it is reported.
 */
export function useLocate(): Located {
  const reporting = useReport()
  const own = useOwnFix(() => (searching.value = false))
  const searching = shallowRef(true)
  let timer: ReturnType<typeof setTimeout> | undefined

  const isRecording = computed(() => reporting.report?.phase === 'recording')
  const position = computed(() => newest(own.fix.value, reporting.report?.last ?? null))
  const trouble = computed(() =>
    isRecording.value ? (reporting.report?.trouble ?? null) : own.trouble.value,
  )

  function again(): void {
    searching.value = true
    clearTimeout(timer)
    timer = setTimeout(() => (searching.value = false), PATIENCE_MS)
    if (isRecording.value) reporting.reportNow()
    else own.ask()
  }

  watch([() => reporting.report?.last, trouble], () => (searching.value = false))
  const last = position.value
  if (last !== null && Date.now() - last.at < OLD_MS) searching.value = false
  else again()
  onScopeDispose(() => clearTimeout(timer))
  return { position, searching, trouble, again }
}

function newest(a: Position | null, b: Position | null): Position | null {
  if (a === null || b === null) return a ?? b
  return a.at > b.at ? a : b
}

/** A source of this page's own, open until it has found a position. */
function useOwnFix(settled: () => void) {
  const session = useSession()
  const fix = shallowRef<Position | null>(null)
  const trouble = shallowRef<Trouble | null>(null)
  let stop: (() => void) | null = null

  function close(): void {
    stop?.()
    stop = null
  }
  function ask(): void {
    close()
    const me = session.me
    if (me === null) return
    trouble.value = null
    const heard = { instead: () => undefined, fix: found, trouble: failed }
    stop = positionSource(me).start(heard)
  }
  function found(position: Position): void {
    fix.value = position
    settled()
    close()
  }
  function failed(cause: Trouble): void {
    trouble.value = cause
    settled()
  }
  onScopeDispose(close)
  return { fix, trouble, ask }
}
