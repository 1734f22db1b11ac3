/** The app and the system that show this page. */
export interface App {
  kind: 'wecom' | 'wechat' | 'browser'
  system: 'ios' | 'android' | 'desktop'
}

/**
 * Which app shows this page on which system, by its user agent. WeCom's names WeChat too. A phone or
 * tablet that asks for desktop sites calls itself a Mac; only its fingers tell.
 * @param touchPoints navigator.maxTouchPoints, 0 when unknown
 */
export function appOf(userAgent: string, touchPoints = 0): App {
  return { kind: kindOf(userAgent), system: systemOf(userAgent, touchPoints) }
}

/** WeCom and WeChat on a desk show pages, but their bridge knows no place. */
export function hasBridge({ kind, system }: App): boolean {
  return kind !== 'browser' && system !== 'desktop'
}

/**
 * The addresses that the app may compare a signature with, the likelier first, cut at the first `#`.
 * WeChat on iOS keeps the address by which its web view was opened; everything else takes the present
 * one. Versions differ, so the other one is tried when the first is refused.
 */
export function signingAddresses(app: App, landing: string, present: string): [string, string] {
  const [first, then] = [landing.split('#', 1)[0] ?? '', present.split('#', 1)[0] ?? '']
  return app.kind === 'wechat' && app.system === 'ios' ? [first, then] : [then, first]
}

function kindOf(userAgent: string): App['kind'] {
  if (/wxwork\//i.test(userAgent)) return 'wecom'
  return /micromessenger/i.test(userAgent) ? 'wechat' : 'browser'
}

function systemOf(userAgent: string, touchPoints: number): App['system'] {
  if (/\b(iPhone|iPad|iPod)\b/i.test(userAgent)) return 'ios'
  if (/\bMacintosh\b/i.test(userAgent) && touchPoints > 2) return 'ios'
  return /\bAndroid\b|HarmonyOS|OpenHarmony/i.test(userAgent) ? 'android' : 'desktop'
}
