import type { Listener, PositionSource, Trouble } from './ports.ts'

/** Nobody refused anything here, so another source may be asked. A person's no is a no for all. */
const NOBODY_REFUSED: ReadonlySet<Trouble> = new Set<Trouble>([
  'silent',
  'unreachable',
  'bad_signature',
  'untrusted_domain',
  'app_not_permitted',
  'too_old',
  'desktop',
])

/** One source, and another while the first one can not be had through no one's decision. */
export class FallbackSource implements PositionSource {
  readonly #first: PositionSource
  readonly #second: PositionSource
  #stopSecond: (() => void) | null = null
  #cause: Trouble | null = null

  constructor(first: PositionSource, second: PositionSource) {
    this.#first = first
    this.#second = second
  }

  start(listener: Listener): () => void {
    const stopFirst = this.#first.start({
      fix: (position) => {
        this.#back(listener)
        listener.fix(position)
      },
      trouble: (trouble) => this.#failed(listener, trouble),
      instead: () => undefined,
    })
    return () => {
      stopFirst()
      this.#end()
    }
  }

  ask(): void {
    this.#first.ask()
    if (this.#stopSecond !== null) this.#second.ask()
  }

  #failed(listener: Listener, trouble: Trouble): void {
    if (NOBODY_REFUSED.has(trouble)) return this.#fall(listener, trouble)
    if (trouble === 'unknown' && this.#stopSecond !== null) return // the second goes on
    this.#back(listener)
    listener.trouble(trouble)
  }

  /** The first one's cause is told, also when the second fails: it is what has to be mended. */
  #fall(listener: Listener, cause: Trouble): void {
    if (this.#cause !== cause) listener.instead(cause)
    this.#cause = cause
    this.#stopSecond ??= this.#second.start({
      fix: (position) => listener.fix(position),
      trouble: () => listener.trouble(this.#cause ?? cause),
      instead: () => undefined,
    })
  }

  #back(listener: Listener): void {
    if (this.#cause !== null) listener.instead(null)
    this.#end()
  }

  #end(): void {
    this.#stopSecond?.()
    this.#stopSecond = null
    this.#cause = null
  }
}

/** Says why it has no positions, and has none. */
export function deadSource(trouble: Trouble): PositionSource {
  return {
    start(listener) {
      listener.trouble(trouble)
      return () => undefined
    },
    ask: () => undefined,
  }
}
