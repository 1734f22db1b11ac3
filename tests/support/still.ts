import path from 'node:path'
import type { Page } from 'playwright-core'

/** The moment in which the screens are looked at, so that they are the same each time: a Wednesday, 14:30 in Shanghai. */
export const STILL_AT = Date.UTC(2026, 10, 25, 6, 30)

/** The environment of a Node process that lives in one moment (epoch ms). */
export const still = (at: number) => ({
  STILL_AT: String(at),
  NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'stillClock.mjs')}`,
})

/** Lets a page live in one moment (epoch ms), too. What fades by the clock would never be seen, so it asks for less motion. */
export async function keepStill(page: Page, at: number): Promise<void> {
  await page.clock.setFixedTime(at)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.addInitScript(placesOfNow)
}

/** The browser itself lives on: a position that it finds would come from the future of the page. */
function placesOfNow() {
  const { geolocation } = navigator
  const ofNow = (heard: PositionCallback) => (found: GeolocationPosition) => {
    const moment = { coords: found.coords, timestamp: Date.now() }
    heard({ ...moment, toJSON: () => moment })
  }
  const { getCurrentPosition, watchPosition } = geolocation
  geolocation.getCurrentPosition = (heard, ...rest) => getCurrentPosition.call(geolocation, ofNow(heard), ...rest) // prettier-ignore
  geolocation.watchPosition = (heard, ...rest) => watchPosition.call(geolocation, ofNow(heard), ...rest) // prettier-ignore
}
