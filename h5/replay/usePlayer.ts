import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'

export const SPEEDS = [1, 10, 60, 180, 600] as const // times as fast as it was
const FRAME_MS = 100 // ten pictures a second are enough for dots

export interface Player {
  time: ShallowRef<number> // epoch ms of the day that is played
  playing: ShallowRef<boolean>
  speed: ShallowRef<number>
  toggle: () => void
  seek: (at: number) => void
}

/** A clock that runs through a day, as fast as one likes; it stops at the end. @param span of the day, asked anew each time */
export function usePlayer(span: () => { from: number; to: number }): Player {
  const time = shallowRef(0)
  const playing = shallowRef(false)
  const speed = shallowRef<number>(180)
  let before = 0
  let frame = 0

  function step(now: number): void {
    if (!playing.value) return
    frame = requestAnimationFrame(step)
    if (now - before < FRAME_MS) return
    seek(time.value + Math.min(now - before, 1000) * speed.value)
    before = now
    if (time.value >= span().to) playing.value = false
  }
  function seek(at: number): void {
    const { from, to } = span()
    time.value = Math.max(from, Math.min(to, at))
  }
  function toggle(): void {
    playing.value = !playing.value
    if (!playing.value) return
    if (time.value >= span().to) seek(span().from)
    before = performance.now()
    frame = requestAnimationFrame(step)
  }
  onScopeDispose(() => cancelAnimationFrame(frame))
  return { time, playing, speed, toggle, seek }
}
