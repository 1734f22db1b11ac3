import { z } from 'zod'
import type { PhoneState } from './ports.ts'

const Battery = z.looseObject({ level: z.number().min(0).max(1) })
const Connection = z.looseObject({
  type: z.string().optional().catch(undefined), // Chrome on Android: wifi, cellular …
  effectiveType: z.string().optional().catch(undefined), // how fast: slow-2g, 2g, 3g, 4g
})

/**
 * Charge and network of the phone at the moment of asking, as far as its browser tells: Android's web
 * views do, iOS has neither. Nothing here waits or fails.
 * @param navigator the browser's, whose own types do not know these parts.
 */
export function phoneOf(navigator: object): () => PhoneState {
  let battery: unknown = null
  void batteryOf(navigator).then((found) => (battery = found))
  return () => {
    const { data: charge } = Battery.safeParse(battery)
    const { data: line } = Connection.safeParse(Reflect.get(navigator, 'connection'))
    const network = line?.type === 'wifi' ? 'wifi' : line?.effectiveType
    return {
      ...(charge && { battery: Math.round(charge.level * 100) }),
      ...(network && { network }),
    }
  }
}

async function batteryOf(navigator: object): Promise<unknown> {
  const getBattery: unknown = Reflect.get(navigator, 'getBattery')
  if (typeof getBattery !== 'function') return null
  try {
    return await Reflect.apply(getBattery, navigator, [])
  } catch {
    return null // a page without https, or a web view that refuses
  }
}
