import { describe, expect, it } from 'vitest'
import { phoneOf } from '../../h5/report/phone.ts'

describe('what a phone tells of itself', () => {
  it('is charge and network, asked anew each time', async () => {
    const battery = { level: 0.814, charging: false }
    const navigator = {
      connection: { effectiveType: '4g' },
      getBattery: () => Promise.resolve(battery),
    }
    const phone = phoneOf(navigator)
    await expect.poll(phone).toEqual({ battery: 81, network: '4g' })
    battery.level = 0.5
    Object.assign(navigator, { connection: { type: 'wifi', effectiveType: '4g' } })
    expect(phone()).toEqual({ battery: 50, network: 'wifi' })
  })

  it.each([
    {},
    { getBattery: () => Promise.reject(new Error('not allowed')), connection: null },
    { getBattery: () => Promise.resolve({ level: 'full' }), connection: { effectiveType: 4 } },
    { getBattery: 'no function', connection: 'wifi' },
  ])('is nothing where the browser does not tell (%#)', async (navigator) => {
    const phone = phoneOf(navigator)
    await Promise.resolve()
    expect(phone()).toEqual({})
  })
})
