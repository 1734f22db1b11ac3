import { onScopeDispose } from 'vue'
import { openLive } from './socket.ts'
import { useLive } from './store.ts'

const REFRESH_MS = 3 * 60_000 // reasons of silences and starts of duty come with a snapshot only

/** Keeps the live store fed while the page is open. */
export function useLiveFeed(): void {
  const live = useLive()
  let whole = false
  const feed = openLive({
    connected: live.connected,
    moved: live.moved,
    raised: live.raised,
    watched: live.watched,
    since: () => (whole ? null : live.seq),
  })
  const tick = setInterval(live.ticked, 1000)
  const refresh = setInterval(() => {
    whole = true
    feed.refresh()
    whole = false
  }, REFRESH_MS)
  onScopeDispose(() => {
    feed.close()
    clearInterval(tick)
    clearInterval(refresh)
  })
}
