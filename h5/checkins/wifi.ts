import { onScopeDispose } from 'vue'
import type { CheckinInput } from '../../backend/contract/checkins.ts'
import { useSession } from '../core/session.ts'
import { appOf } from '../report/app.ts'
import { bridgeOf, type BridgeWifi } from '../report/jssdk.ts'

const EVERY_MS = 60_000
const FRESH_MS = 90_000 // older than this it says nothing of now

/** What Android tells without the permission to locate, and phones without a Wi-Fi. */
const NOTHING = /^(02:00:00:00:00:00|00:00:00:00:00:00|)$/

/**
 * The Wi-Fi this phone is connected to while the page is open: WeCom tells it on Android and iOS, no
 * other app does. It is asked for beside the position, so that no tap waits for it.
 * @returns what goes with a check-in now: nothing where nothing is known
 */
export function useWifi(): () => Pick<CheckinInput, 'wifi'> {
  const session = useSession()
  const app = appOf(navigator.userAgent, navigator.maxTouchPoints)
  let seen: { wifi: NonNullable<CheckinInput['wifi']>; at: number } | null = null

  async function ask(): Promise<void> {
    const me = session.me
    if (me === null || document.hidden) return
    try {
      const bridge = await bridgeOf(me, app)()
      const wifi = wifiOf(await bridge.connectedWifi())
      seen = wifi && { wifi, at: performance.now() }
    } catch {
      seen = null // no Wi-Fi, or an app that does not tell
    }
  }

  if (app.kind === 'wecom' && app.system !== 'desktop') {
    void ask()
    const timer = setInterval(() => void ask(), EVERY_MS)
    onScopeDispose(() => clearInterval(timer))
  }
  return () => (seen && performance.now() - seen.at < FRESH_MS ? { wifi: seen.wifi } : {})
}

/** What is worth sending of an app's answer; null where it names no access point. */
export function wifiOf(told: BridgeWifi | undefined): NonNullable<CheckinInput['wifi']> | null {
  const bssid = (told?.BSSID ?? '').trim()
  if (NOTHING.test(bssid) || bssid.length > 32) return null
  const ssid = (told?.SSID ?? '').replace(/^"|"$/g, '').slice(0, 64)
  return { bssid, ...(ssid && { ssid }) }
}
