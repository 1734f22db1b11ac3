import { describe, expect, it } from 'vitest'
import { BrowserSource } from '../../h5/report/browser.ts'
import { deadSource, FallbackSource } from '../../h5/report/fallback.ts'
import type { Listener, Position, PositionSource, Trouble } from '../../h5/report/ports.ts'
import { heard } from './jssdkPhone.ts'

describe('the browser instead', () => {
  /** A source in the test's hand. */
  function handed() {
    const hand: { listener: Listener | null; asked: number } = { listener: null, asked: 0 }
    const source: PositionSource = {
      start(listener) {
        hand.listener = listener
        return () => (hand.listener = null)
      },
      ask: () => void hand.asked++,
    }
    return { hand, source }
  }
  const place = (source: Position['source']): Position => ({
    ...{ at: 0, lng: 114, lat: 22, accuracy: 5, speed: null, heading: null, altitude: null },
    source,
  })
  function both() {
    const [first, second] = [handed(), handed()]
    const ears = heard()
    const source = new FallbackSource(first.source, second.source)
    return {
      ...ears,
      source,
      first: first.hand,
      second: second.hand,
      stop: source.start(ears.listener),
    }
  }

  it.each<Trouble>([
    'silent',
    'unreachable',
    'bad_signature',
    'untrusted_domain',
    'app_not_permitted',
    'too_old',
  ])('steps in where nobody refused (%s) and steps back', (cause) => {
    const { first, second, told } = both()
    first.listener?.trouble(cause)
    first.listener?.trouble(cause)
    second.listener?.fix(place('browser'))
    first.listener?.fix(place('wecom'))
    expect(told).toEqual([`instead ${cause}`, 'fix browser', 'instead null', 'fix wecom'])
    expect(second.listener).toBeNull()
  })

  it.each<Trouble>(['no_permission', 'gps_off', 'not_visible'])(
    'never goes round a refusal (%s)',
    (trouble) => {
      const { first, second, told } = both()
      first.listener?.trouble('silent')
      first.listener?.trouble(trouble)
      expect(second.listener).toBeNull()
      expect(told).toEqual(['instead silent', 'instead null', trouble])
    },
  )

  it('fails with the first one’s cause, which is what has to be mended', () => {
    const { first, second, told } = both()
    first.listener?.trouble('bad_signature')
    second.listener?.trouble('no_permission')
    expect(told).toEqual(['instead bad_signature', 'bad_signature'])
  })

  it('goes on while the first one only has no place for now', () => {
    const { first, second, told } = both()
    first.listener?.trouble('silent')
    first.listener?.trouble('unknown')
    second.listener?.fix(place('browser'))
    expect(told).toEqual(['instead silent', 'fix browser'])
  })

  it('is asked together with the first, and ends with it', () => {
    const { first, second, source, stop } = both()
    source.ask()
    first.listener?.trouble('silent')
    source.ask()
    expect([first.asked, second.asked]).toEqual([2, 1])
    stop()
    expect([first.listener, second.listener]).toEqual([null, null])
  })

  it('is all there is on a desk', () => {
    const { hand, source: second } = handed()
    const { told, listener } = heard()
    new FallbackSource(deadSource('desktop'), second).start(listener)
    hand.listener?.fix(place('browser'))
    hand.listener?.trouble('no_permission')
    expect(told).toEqual(['instead desktop', 'fix browser', 'desktop'])
  })
})

describe('the browser', () => {
  const POSITION = {
    timestamp: 1_000.4,
    coords: {
      longitude: 114,
      latitude: 22,
      accuracy: 5,
      speed: null,
      heading: NaN,
      altitude: null,
    },
  }

  /** A browser whose person may change their mind. */
  function browser({ has = true, isSecure = true, tells = true } = {}) {
    const watches = new Map<number, (position: unknown) => void>()
    const state = { allowed: true, watches, next: 1, asked: 0 }
    const permission = Object.assign(new EventTarget(), { state: 'granted' })
    const answer = (seen: (position: unknown) => void, failed: (error: unknown) => void) =>
      state.allowed ? seen(POSITION) : failed({ code: 1 })
    const geolocation = {
      watchPosition: (seen: (position: unknown) => void, failed: (error: unknown) => void) => {
        const id = state.next++
        if (state.allowed) watches.set(id, seen) // a refused watch is dead
        answer(seen, failed)
        return id
      },
      getCurrentPosition: (seen: (position: unknown) => void, failed: (error: unknown) => void) => {
        state.asked++
        answer(seen, failed)
      },
      clearWatch: (id: number) => void watches.delete(id),
    }
    const turn = (allowed: boolean) => {
      state.allowed = allowed
      permission.state = allowed ? 'granted' : 'denied'
      permission.dispatchEvent(new Event('change'))
    }
    const query = tells
      ? () => Promise.resolve(permission)
      : () => Promise.reject(new TypeError('geolocation is no name'))
    const places = { ...(has && { geolocation }), permissions: { query }, isSecure }
    return { state, turn, source: new BrowserSource(Object.create(places)) }
  }

  it('is watched, and left when reporting ends', () => {
    const { state, source } = browser()
    const { told, fixes, listener } = heard()
    const stop = source.start(listener)
    expect(told).toEqual(['fix browser'])
    expect(fixes[0]).toMatchObject({ at: 1_000, lng: 114, lat: 22, heading: null })
    stop()
    expect(state.watches.size).toBe(0)
  })

  it('is watched again when the permission comes beside the page', async () => {
    const { state, turn, source } = browser()
    state.allowed = false
    const { told, listener } = heard()
    source.start(listener)
    await Promise.resolve()
    await Promise.resolve()
    turn(true)
    expect(told).toEqual(['no_permission', 'fix browser'])
    expect(state.watches.size).toBe(1)
  })

  it('is watched again when a person asks after a refusal, also where no change is told', async () => {
    const { state, source } = browser({ tells: false })
    state.allowed = false
    const { last, listener } = heard()
    source.start(listener)
    await Promise.resolve()
    state.allowed = true
    source.ask()
    expect(last()).toBe('fix browser')
    expect(state.watches.size).toBe(1)
    source.ask()
    expect(state.watches.size).toBe(1)
  })

  it.each([{ has: false }, { isSecure: false }])('can not locate: %s', (lacks) => {
    const { source } = browser(lacks)
    const { told, listener } = heard()
    source.start(listener)
    source.ask()
    expect(told).toEqual(['unsupported', 'unsupported'])
  })
})
