import { z } from 'zod'
import { Fault } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import { route, type RawRoute, type Route } from '../core/http/route.ts'
import { domainRoute } from './domain.ts'
import type { Wecom } from './index.ts'

const Ask = z.object({ url: z.url().max(2_048), kind: z.enum(['config', 'agentConfig']) })
const Signed = z.object({
  corpId: z.string(),
  agentId: z.string(),
  timestamp: z.number().int(), // seconds
  nonceStr: z.string(),
  signature: z.string(),
})

/** What pages ask of WeCom through us. */
export function wecomRoutes(kit: Pick<Kit, 'config'>, wecom: Wecom): (Route | RawRoute)[] {
  return [signatureRoute(kit, wecom), domainRoute(kit.config)]
}

function signatureRoute(kit: Pick<Kit, 'config'>, wecom: Wecom): Route {
  return route({
    method: 'POST',
    path: '/api/v1/wecom/jssdk-signature',
    summary: 'Sign a page of ours for the JS-SDK',
    input: Ask,
    reply: Signed,
    allow: () => true,
    run: ({ input }) => {
      // signing whatever one is given would lend our identity to any site
      if (new URL(input.url).origin !== new URL(kit.config.publicUrl).origin)
        throw new Fault('not_allowed', 'only pages of this server are signed')
      return wecom.jssdkSignature(input)
    },
  })
}
