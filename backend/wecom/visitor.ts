import { z } from 'zod'
import type { Call } from './api/caller.ts'

/** A member has `userid`; somebody else only `openid`. */
const Visitor = z.looseObject({ userid: z.string().min(1).optional() })

/**
 * Who came back from the sign-in page. Codes are used once and die after five minutes.
 * @returns the member's userid, or null for somebody outside of the corp.
 * @throws Fault `wecom_failed` with `details.errcode` 40029 or 42003 for a code used up or too old.
 */
export async function userIdOf(call: Call, code: string): Promise<string | null> {
  const visitor = await call('/cgi-bin/auth/getuserinfo', { code }, Visitor)
  return visitor.userid ?? null
}
