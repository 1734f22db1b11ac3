import type { Alert } from '../contract/alerts.ts'
import type { Episode } from './episodes.ts'

/** An alert of a person-day as it is kept. */
export interface KnownAlert extends Pick<Alert, 'id' | 'kind' | 'since' | 'until' | 'outcome'> {
  readonly key: string | null
  readonly raisedAt: number
}

/** What the alerts of a person-day have to become. */
export interface Changes {
  readonly raise: readonly Episode[]
  /** Known ones whose times or end are others now; `until` null: it lasts (again). */
  readonly change: readonly { readonly id: string; readonly episode: Episode }[]
  /** Known ones that the facts, as they are now, do not bear out. */
  readonly withdraw: readonly string[]
}

/**
 * Brings the alerts of a person-day to its episodes: an episode that was told is not told again however its times
 * move, as long as they touch. Pure; applied, there is nothing left to do.
 * @param known all of the day, those over and withdrawn included
 */
export function reconcile(
  known: readonly KnownAlert[],
  episodes: readonly Episode[],
  now: number,
): Changes {
  const free = new Set([...known].sort((a, b) => a.raisedAt - b.raisedAt || (a.id < b.id ? -1 : 1)))
  const raise: Episode[] = []
  const change: { id: string; episode: Episode }[] = []
  for (const episode of [...episodes].sort((a, b) => a.since - b.since)) {
    const mine = [...free].find((alert) => isSame(alert, episode, now))
    if (!mine) raise.push(episode)
    else {
      free.delete(mine)
      if (differs(mine, episode)) change.push({ id: mine.id, episode })
    }
  }
  const withdraw = [...free].filter(({ outcome }) => outcome !== 'withdrawn').map(({ id }) => id)
  return { raise, change, withdraw }
}

function isSame(alert: KnownAlert, episode: Episode, now: number): boolean {
  if (alert.kind !== episode.kind || alert.key !== episode.key) return false
  if (episode.key !== null) return true
  return alert.since <= (episode.until ?? now) && (alert.until ?? now) >= episode.since
}

/** Its growing length is no difference: it is reckoned from its times where it is shown. */
const differs = ({ since, until, outcome }: KnownAlert, episode: Episode): boolean =>
  since !== episode.since || until !== episode.until || outcome !== (episode.until === null ? null : 'over') // prettier-ignore
