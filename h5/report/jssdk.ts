import { z } from 'zod'
import type { Me } from '../../backend/contract/people.ts'
import { call } from '../core/api.ts'
import type { Bridge } from './sources.ts'

const Signature = z.object({
  timestamp: z.coerce.string(),
  nonceStr: z.string(),
  signature: z.string(),
})

/** Which app shows this page, by its user agent; WeCom's names WeChat too. */
export function appOf(userAgent: string): 'wecom' | 'wechat' | 'browser' {
  if (/wxwork\//i.test(userAgent)) return 'wecom'
  return /micromessenger/i.test(userAgent) ? 'wechat' : 'browser'
}

/**
 * The JS-SDK, loaded on first use and registered with signatures from our server. Its calls wait for
 * ever when the app has no bridge, so every caller sets its own time limit.
 */
export function bridgeOf(me: Me): () => Promise<Bridge> {
  let opened: Promise<Bridge> | null = null
  return () => {
    opened ??= open(me).catch((error: unknown) => {
      opened = null // a network that failed may come back
      throw error
    })
    return opened
  }
}

async function open(me: Me): Promise<Bridge> {
  const ww = await import('@wecom/jssdk')
  ww.register({
    corpId: me.wecom.corpId,
    agentId: me.wecom.agentId,
    jsApiList: ['getLocation', 'startAutoLBS', 'stopAutoLBS', 'onLocationChange'],
    getConfigSignature: (url) => sign(url),
  })
  return {
    getLocation: () => ww.getLocation({ type: ww.LocationType.wgs84 }),
    startAutoLBS: () => ww.startAutoLBS({ type: ww.LocationType.wgs84 }),
    stopAutoLBS: () => ww.stopAutoLBS(),
    onLocationChange: (listener) => ww.onLocationChange(listener),
  }
}

function sign(url: string) {
  return call(Signature, '/api/v1/wecom/jssdk-signature', { body: { url, kind: 'config' } })
}
