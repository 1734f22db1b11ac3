import { nextTick, onScopeDispose, shallowRef } from 'vue'
import { filledNext, isWhole, MOST, paceOf, type Span } from './grid.ts'

const PAUSE_MS = 80 // without scrolling: nothing moves that could stutter

/**
 * Which lines show their cells. All do, unless scrolling brings them in faster than they can be drawn: then
 * so many in a frame as its budget has room for, until all do again.
 */
export function useFilling() {
  const filled = shallowRef<ReadonlySet<number> | null>(null) // null: all
  let window: Span = { first: 0, last: 0 }
  let lineMs = 1
  let frame = 0
  let scrolledAt = 0 // frame time in ms
  let isDone = false // in this frame

  function fill(most: number): void {
    isDone = true
    const before = filled.value ?? new Set()
    const begun = performance.now()
    const next = filledNext(before, window, most)
    filled.value = isWhole(next, window) ? null : next
    void nextTick(() => (lineMs = lineMs * 0.8 + ((performance.now() - begun) / most) * 0.2))
  }

  function onFrame(now: number): void {
    if (!isDone && filled.value !== null) fill(now - scrolledAt > PAUSE_MS ? MOST : paceOf(lineMs))
    isDone = false
    frame = filled.value === null ? 0 : requestAnimationFrame(onFrame)
  }

  /** To be told when scrolling leads from one window to another. */
  function moved(from: Span, to: Span): void {
    scrolledAt = performance.now()
    if (from.first === to.first && from.last === to.last) return
    filled.value ??= new Set(
      Array.from({ length: from.last - from.first }, (_, n) => from.first + n),
    )
    window = to
    fill(paceOf(lineMs))
    if (frame === 0) frame = requestAnimationFrame(onFrame)
  }
  onScopeDispose(() => cancelAnimationFrame(frame))

  return { moved, isFilled: (row: number) => filled.value?.has(row) ?? true }
}
