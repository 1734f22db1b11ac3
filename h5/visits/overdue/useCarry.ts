import { onScopeDispose, shallowRef, type Ref, type ShallowRef } from 'vue'

const SLACK_PX = 6 // a hand is never quite still
const LONG_PRESS_MS = 350 // shorter than the system's own, which opens a menu

interface Press<Item> {
  readonly item: Item
  readonly pointerId: number
  readonly row: Element
  readonly x: number
  readonly y: number
  readonly timer: ReturnType<typeof setTimeout> | null // of a long press; null: it may move at once
}

export interface Carried<Item> {
  readonly item: Item
  readonly by: 'pointer' | 'keys'
  readonly x: number // px of the window, of a pointer
  readonly y: number
}

export interface Carry<Item> {
  carried: ShallowRef<Carried<Item> | null>
  over: ShallowRef<string | null> // the date it would be dropped on
  ended: ShallowRef<'dropped' | 'cancelled' | null> // how the last one ended
  press: (event: PointerEvent, item: Item) => void
  move: (event: PointerEvent) => void
  release: (event: PointerEvent) => void
  key: (event: KeyboardEvent, item: Item) => void
  cancel: () => void
}

/**
 * Something carried to a date: by mouse at once, by finger after a long press or by its handle, or picked up with
 * Space or Enter and moved with the arrow keys. Where it can be dropped are elements with `data-plan-date`.
 * @param dates that can take it, in their order
 */
export function useCarry<Item extends { readonly id: string }>(
  dates: Ref<readonly string[]>,
  drop: (item: Item, date: string) => void,
): Carry<Item> {
  const carried: ShallowRef<Carried<Item> | null> = shallowRef(null)
  const over = shallowRef<string | null>(null)
  const ended = shallowRef<'dropped' | 'cancelled' | null>(null)

  function lift(next: Carried<Item>, on: string | null): void {
    carried.value = next
    over.value = on
    ended.value = null
  }
  function end(dropped: boolean): void {
    const { item } = carried.value ?? {}
    const date = over.value
    carried.value = null
    over.value = null
    if (!item) return
    ended.value = dropped && date !== null ? 'dropped' : 'cancelled'
    if (dropped && date !== null) drop(item, date)
  }
  const state = { carried, over, lift, end, dates }
  const pointer = usePointer(state)
  return { carried, over, ended, ...pointer, key: keysOf(state), cancel: () => end(false) }
}

interface State<Item> {
  carried: ShallowRef<Carried<Item> | null>
  over: ShallowRef<string | null>
  lift: (next: Carried<Item>, on: string | null) => void
  end: (dropped: boolean) => void
  dates: Ref<readonly string[]>
}

function usePointer<Item>({ carried, over, lift, end, dates }: State<Item>) {
  let pressed: Press<Item> | null = null
  const escape = onEscape(() => {
    forget()
    end(false)
  })

  function forget(): void {
    if (pressed?.timer) clearTimeout(pressed.timer)
    pressed = null
    escape.unhear()
  }
  function start(): void {
    if (!pressed) return
    const { item, x, y, row, pointerId } = pressed
    if (row.isConnected) row.setPointerCapture(pointerId)
    escape.hear()
    lift({ item, by: 'pointer', x, y }, null)
  }
  function press(event: PointerEvent, item: Item): void {
    if (!carried.value && dates.value.length > 0) pressed = pressOf(event, item, start)
  }
  function move(event: PointerEvent): void {
    if (pressed?.pointerId !== event.pointerId) return
    const { clientX: x, clientY: y } = event
    if (carried.value === null) {
      if (Math.hypot(x - pressed.x, y - pressed.y) <= SLACK_PX) return
      if (pressed.timer) return forget() // the page is scrolled
      start()
    }
    carried.value = { item: pressed.item, by: 'pointer', x, y }
    over.value = dateAt(x, y, dates.value)
  }
  function release(event: PointerEvent): void {
    if (pressed?.pointerId !== event.pointerId) return
    forget()
    if (carried.value?.by === 'pointer') end(event.type === 'pointerup')
  }
  onScopeDispose(forget)
  return { press, move, release }
}

/** Where somebody takes hold of a row: null on its buttons. A finger waits, but not at the handle. */
function pressOf<Item>(event: PointerEvent, item: Item, start: () => void): Press<Item> | null {
  const { target, currentTarget: row, clientX: x, clientY: y, pointerId } = event
  if (event.button !== 0 || !(target instanceof Element) || !(row instanceof Element)) return null
  const handle = target.closest('[data-handle]') !== null
  if (!handle && target.closest('button')) return null
  const waits = event.pointerType === 'touch' && !handle
  return { item, pointerId, row, x, y, timer: waits ? setTimeout(start, LONG_PRESS_MS) : null }
}

function onEscape(cancel: () => void) {
  const listen = ({ key }: KeyboardEvent) => key === 'Escape' && cancel()
  return {
    hear: () => window.addEventListener('keydown', listen),
    unhear: () => window.removeEventListener('keydown', listen),
  }
}

function dateAt(x: number, y: number, dates: readonly string[]): string | null {
  const place = document.elementFromPoint(x, y)?.closest('[data-plan-date]')
  const date = place?.getAttribute('data-plan-date') ?? null
  return date !== null && dates.includes(date) ? date : null
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }
const PICKS: ReadonlySet<string> = new Set(['Enter', ' '])

const keysOf =
  <Item extends { readonly id: string }>({ carried, over, lift, end, dates }: State<Item>) =>
  (event: KeyboardEvent, item: Item): void => {
    const does = meant(event.key, carried.value?.item.id === item.id)
    if (does === null) return
    event.preventDefault()
    if (does === 'lift') lift({ item, by: 'keys', x: 0, y: 0 }, dates.value[0] ?? null)
    else if (does === 'drop' || does === 'cancel') end(does === 'drop')
    else {
      const at = dates.value.indexOf(over.value ?? '') + does
      over.value = dates.value[Math.min(Math.max(at, 0), dates.value.length - 1)] ?? null
    }
  }

function meant(key: string, holds: boolean): 'lift' | 'drop' | 'cancel' | number | null {
  if (PICKS.has(key)) return holds ? 'drop' : 'lift'
  if (!holds) return null
  return key === 'Escape' ? 'cancel' : (STEPS[key] ?? null)
}
