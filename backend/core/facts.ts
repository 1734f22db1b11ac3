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
  /** Facts of other processes may have been missed: read anew what you keep of them. Only heard, never published. */
  factsMissed: Record<string, never>
  /** Customers were added, moved, handed on or taken out. */
  customersChanged: { orgId: string }
  /** An alert was raised, taken on, escalated, or is over. */
  alertChanged: { orgId: string; personId: string; id: string }
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
  /** Hears what this process publishes: for work that one process does. */
  on<K extends keyof Facts>(name: K, listener: (fact: Facts[K]) => void): () => void
  /**
   * Hears also what other processes publish, as far as `relay.ts` carries it: for what each process
   * keeps in memory or tells its own sockets. From elsewhere `fixesStored` comes without the fixes.
   */
  onEverywhere<K extends keyof Facts>(name: K, listener: (fact: Facts[K]) => void): () => void
  /** Takes a fact that another process has published. */
  hear<K extends keyof Facts>(name: K, fact: Facts[K]): void
}

/** @param onError hears what a listener throws; the publisher never does. */
export function createFacts(onError: (error: unknown) => void): FactBus {
  const here = new EventEmitter()
  const everywhere = new EventEmitter()
  const guard =
    <F>(listener: (fact: F) => void) =>
    (fact: F) => {
      try {
        listener(fact)
      } catch (error) {
        onError(error)
      }
    }
  return {
    publish(name, fact) {
      here.emit(name, fact)
      everywhere.emit(name, fact)
    },
    on(name, listener) {
      const guarded = guard(listener)
      here.on(name, guarded)
      return () => here.off(name, guarded)
    },
    onEverywhere(name, listener) {
      const guarded = guard(listener)
      everywhere.on(name, guarded)
      return () => everywhere.off(name, guarded)
    },
    hear(name, fact) {
      everywhere.emit(name, fact)
    },
  }
}
