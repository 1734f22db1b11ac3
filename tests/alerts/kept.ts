import type { Episode } from '../../backend/alerts/episodes.ts'
import type { Changes, KnownAlert } from '../../backend/alerts/reconcile.ts'

/** What the store makes of changes. @param made.name begins the ids of what is raised */
export function afterChanges(
  known: readonly KnownAlert[],
  { raise, change, withdraw }: Changes,
  made: { now: number; name: string },
): KnownAlert[] {
  const changed = new Map(change.map(({ id, episode }) => [id, episode]))
  const kept = known.map((alert) => {
    const episode = changed.get(alert.id)
    if (withdraw.includes(alert.id)) return { ...alert, outcome: 'withdrawn' as const }
    return episode ? { ...alert, ...told(episode) } : alert
  })
  const raised = raise.map((episode, index) => ({
    ...{ id: `${made.name}${index}`, kind: episode.kind, key: episode.key, raisedAt: made.now },
    ...told(episode),
  }))
  return [...kept, ...raised]
}

const told = ({ since, until }: Episode) => ({
  ...{ since, until },
  outcome: until === null ? null : ('over' as const),
})
