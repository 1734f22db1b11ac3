import { EventEmitter } from 'node:events'

/**
 * What has happened, told after commit to whoever listens in this process. Routes never emit to
 * sockets: rooms publish facts, `live/` turns them into messages. A listener's error is its own.
 */
export interface Facts {
  /** New fixes of several people are on disk; only accepted ones, in no order. */
  fixesStored: { orgId: string; people: { personId: string; fixes: readonly StoredFix[] }[] }
  silencesStored: { orgId: string; personIds: string[] }
  /** A person-day was derived anew and kept. */
  dayDerived: { orgId: string; personId: string; date: string }
  /** A person-day has other visits than before. */
  visitsChanged: { orgId: string; personId: string; date: string }
  /** A check-in, check-out or punch is on disk; `date` is its work date. */
  checkinStored: { orgId: string; personId: string; id: string; at: number; date: string }
  /** A supervisor decided about one, or its score was made anew. */
  checkinJudged: { orgId: string; personId: string; id: string; at: number; date: string }
  /** A request began to hold, or holds no longer, for work dates from `from` to `to`. */
  requestDecided: {
    orgId: string
    personId: string
    requestId: string
    kind: string // of contract/approvals.ts
    from: string // YYYY-MM-DD, both included
    to: string
  }
  /** Consent, duty or department of somebody changed: forget what you cached. */
  personChanged: { orgId: string; personId: string }
  /** A month of attendance was locked or reopened, or its grace moved. */
  monthDecided: { orgId: string; month: string }
}

export interface StoredFix {
  readonly id: string
  readonly at: number // epoch ms, corrected
  readonly lng: number // WGS-84
  readonly lat: number
  readonly accuracy: number | undefined // metres, 68 % radius
  readonly date: string // work date it counts for
}

export interface FactBus {
  publish<K extends keyof Facts>(name: K, fact: Facts[K]): void
  on<K extends keyof Facts>(name: K, listener: (fact: Facts[K]) => void): () => void
}

/** @param onError hears what a listener throws; the publisher never does. */
export function createFacts(onError: (error: unknown) => void): FactBus {
  const emitter = new EventEmitter()
  return {
    publish(name, fact) {
      emitter.emit(name, fact)
    },
    on(name, listener) {
      const guarded = (fact: Facts[typeof name]) => {
        try {
          listener(fact)
        } catch (error) {
          onError(error)
        }
      }
      emitter.on(name, guarded)
      return () => emitter.off(name, guarded)
    },
  }
}
