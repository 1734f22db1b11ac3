import type { Clock } from '../../core/clock.ts'

/** A value that another server lends for a while. */
export interface Kept {
  /** The present value, or a new one; all who ask meanwhile wait for the same request. */
  get(): Promise<string>
  /** Forgets `value` if it is still the present one: a late complaint does not cost a fresh value. */
  drop(value: string): void
}

export interface Lent {
  value: string
  until: number // epoch ms up to which it is used
}

/** Where values come from: another process's find, or WeCom. */
export interface Lender {
  get(): Promise<Lent>
  drop(value: string): Promise<void>
}

/**
 * Keeps what is lent in memory, by `clock`. A failure is told to all who wait and not kept. Of many
 * complaints about one value the first counts: the others wait for what follows it.
 */
export function keep(clock: Clock, lender: Lender): Kept {
  let held: Lent | null = null
  let loading: Promise<string> | null = null

  function load(from: Promise<Lent>): Promise<string> {
    const next = from
      .then((lent) => {
        held = lent
        return lent.value
      })
      .finally(() => (loading = null))
    next.catch(() => undefined) // told to those who wait, if anybody does
    loading = next
    return next
  }

  return {
    async get() {
      if (held && clock.now() < held.until) return held.value
      return loading ?? load(lender.get())
    },
    drop(value) {
      if (held?.value !== value) return
      held = null
      if (!loading) void load(lender.drop(value).then(() => lender.get()))
    },
  }
}
