import { describe, expect, it } from 'vitest'
import { wifiOf } from '../../h5/checkins/wifi.ts'
import { phone } from './jssdkPhone.ts'

describe('the Wi-Fi of a phone', () => {
  it('is asked of the app after the page is signed, and is nothing where there is none', async () => {
    const { state, open } = phone()
    const bridge = await open()
    await expect(bridge.connectedWifi()).rejects.toMatchObject({ errMsg: /fail/ })
    state.wifi = { SSID: '办公一区', BSSID: '3c:46:d8:c:7a:70' }
    expect(wifiOf(await bridge.connectedWifi())).toEqual({ bssid: '3c:46:d8:c:7a:70', ssid: '办公一区' }) // prettier-ignore
    expect(state.signed).toHaveLength(1)
  })

  it('says nothing where Android hides it, and leaves quotes and emptiness out', () => {
    expect(wifiOf({ SSID: '<unknown ssid>', BSSID: '02:00:00:00:00:00' })).toBeNull()
    expect(wifiOf({ SSID: 'x', BSSID: ' ' })).toBeNull()
    expect(wifiOf(undefined)).toBeNull()
    expect(wifiOf({ BSSID: 'a'.repeat(40) })).toBeNull()
    expect(wifiOf({ SSID: '"仓库"', BSSID: 'aa:bb:cc:dd:ee:ff' })).toEqual({ bssid: 'aa:bb:cc:dd:ee:ff', ssid: '仓库' }) // prettier-ignore
    expect(wifiOf({ BSSID: 'aa:bb:cc:dd:ee:ff' })).toEqual({ bssid: 'aa:bb:cc:dd:ee:ff' })
  })
})
