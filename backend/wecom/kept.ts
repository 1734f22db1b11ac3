import type { Clock } from '../core/clock.ts'

/** A value that another server lends for a while. */
export interface Kept {
  /** The present value, or a new one; all who ask meanwhile wait for the same request. */
  get(): Promise<string>
  /** Forgets `value` if it is still the present one: a late complaint does not cost a fresh value. */
  drop(value: string): void
}

export interface Lent {
  value: string
  seconds: number // lifetime, from now
}

const MARGIN_SECONDS = 300 // renewed so long before its end; half the life if that is shorter

/** Keeps what `load` lends, by `clock`. A failed load is told to all who wait and not kept. */
export function keep(clock: Clock, load: () => Promise<Lent>): Kept {
  let held: { value: string; until: number } | null = null
  let loading: Promise<string> | null = null

  async function renew(): Promise<string> {
    try {
      const { value, seconds } = await load()
      const good = Math.max(seconds - MARGIN_SECONDS, seconds / 2)
      held = { value, until: clock.now() + good * 1000 }
      return value
    } finally {
      loading = null
    }
  }

  return {
    async get() {
      if (held && clock.now() < held.until) return held.value
      loading ??= renew()
      return loading
    },
    drop(value) {
      if (held?.value === value) held = null
    },
  }
}
