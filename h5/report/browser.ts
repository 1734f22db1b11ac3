import type { Listener, Position, PositionSource } from './ports.ts'
import { troubleOfBrowser } from './trouble.ts'

const OPTIONS = { enableHighAccuracy: true, timeout: 20_000, maximumAge: 2_000 }

/** What this needs of a browser; a page without https has the first and may not use it. */
export interface BrowserPlaces {
  geolocation?: Geolocation
  permissions?: Pick<Permissions, 'query'>
  isSecure: boolean
}

/** The browser's own geolocation. Begins anew when a permission comes later. */
export class BrowserSource implements PositionSource {
  readonly #places: BrowserPlaces
  #current: Listener | null = null
  #watch: number | null = null
  #refused = false

  constructor(places: BrowserPlaces) {
    this.#places = places
  }

  start(listener: Listener): () => void {
    this.#current = listener
    this.#refused = false
    this.#follow()
    const unlisten = this.#hearPermission()
    return () => {
      this.#current = null
      this.#end()
      unlisten()
    }
  }

  ask(): void {
    const { geolocation, isSecure } = this.#places
    if (!geolocation || !isSecure) return this.#current?.trouble('unsupported')
    if (this.#refused) this.#follow() // a watch that was refused stays dead when the permission comes
    geolocation.getCurrentPosition(this.#seen, this.#failed, { ...OPTIONS, maximumAge: 0 })
  }

  #follow(): void {
    const { geolocation, isSecure } = this.#places
    if (!geolocation || !isSecure) return this.#current?.trouble('unsupported')
    this.#end()
    this.#watch = geolocation.watchPosition(this.#seen, this.#failed, OPTIONS)
  }

  #end(): void {
    if (this.#watch !== null) this.#places.geolocation?.clearWatch(this.#watch)
    this.#watch = null
  }

  readonly #seen = (found: GeolocationPosition) => {
    this.#refused = false
    this.#current?.fix(ofBrowser(found))
  }

  readonly #failed = (error: GeolocationPositionError) => {
    const trouble = troubleOfBrowser(error.code)
    this.#refused = trouble === 'no_permission'
    this.#current?.trouble(trouble)
  }

  /** A permission may change beside the page; not every web view tells. */
  #hearPermission(): () => void {
    const turned = () => {
      if (status?.state !== 'denied' && this.#current !== null) this.#follow()
    }
    let status: PermissionStatus | null = null
    let ended = false
    void this.#status().then((found) => {
      status = found
      if (!ended) found?.addEventListener('change', turned)
    })
    return () => {
      ended = true
      status?.removeEventListener('change', turned)
    }
  }

  async #status(): Promise<PermissionStatus | null> {
    try {
      return (await this.#places.permissions?.query({ name: 'geolocation' })) ?? null
    } catch {
      return null // an old web view knows the call but not the name
    }
  }
}

function ofBrowser({ coords, timestamp }: GeolocationPosition): Position {
  return {
    at: Math.round(timestamp),
    lng: coords.longitude,
    lat: coords.latitude,
    accuracy: coords.accuracy,
    speed: coords.speed,
    heading: Number.isNaN(coords.heading) ? null : coords.heading,
    altitude: coords.altitude,
    source: 'browser',
  }
}
