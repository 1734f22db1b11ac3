import { plainPage } from '../core/http/guard.ts'
import type { RawReply } from '../core/http/route.ts'

/** Why somebody who came back from WeCom is not signed in. */
export type SignInFailure = 'outsider' | 'not_here' | 'stale' | 'wecom'

const PAGES: Record<SignInFailure, { status: number; zh: string[]; en: string[] }> = {
  outsider: {
    status: 403,
    zh: ['你不是本企业的成员', '请用所在企业的企业微信打开足迹。'],
    en: ['You are not a member of this company', "Open Zuji in your own company's WeCom."],
  },
  not_here: {
    status: 403,
    zh: [
      '足迹还没有为你开通',
      '可能是管理员没有把你加入应用的可见范围，或者你的账号已停用。请联系管理员。',
    ],
    en: [
      'Zuji is not open for you yet',
      'You may be outside of the visible range of the app, or your account was closed. Ask your administrator.',
    ],
  },
  stale: {
    status: 403,
    zh: ['登录没有完成', '登录链接已经用过或过期，或者浏览器禁用了 Cookie。请重新打开足迹。'],
    en: [
      'Signing in was not completed',
      'The link was used before or is too old, or the browser refuses cookies. Open Zuji again.',
    ],
  },
  wecom: {
    status: 502,
    zh: ['企业微信暂时没有应答', '请稍后再试。'],
    en: ['WeCom does not answer at the moment', 'Try again in a while.'],
  },
}

/** A page for people: what is the matter, what to do, and a way to try again. */
export function failurePage(failure: SignInFailure): RawReply {
  const { status, zh, en } = PAGES[failure]
  const words = ([title = '', text = '']: string[], tag: string) =>
    `<${tag}>${title}</${tag}><p>${text}</p>`
  return plainPage({
    status,
    style: STYLE,
    body: `<main role="alert">${words(zh, 'h1')}<div lang="en">${words(en, 'h2')}</div>
<a href="/auth/wecom/start">重新登录 <span lang="en">Sign in again</span></a></main>`,
  })
}

const STYLE = `
:root { --ink: #16211d; --ink-2: #51605a; --paper: #f5f7f6; --brand: #0f7b5f; --on-brand: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #eef3f0; --ink-2: #a9b5af; --paper: #0e1412; --brand: #3ec29b; --on-brand: #0b1512 } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/22px system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }
main { box-sizing: border-box; max-width: 480px; min-height: 100vh; margin: 0 auto; padding: 24px; display: grid; align-content: center; gap: 8px }
h1 { margin: 0; font-size: 22px; line-height: 28px } h2 { margin: 16px 0 0; font-size: 15px } p { margin: 4px 0; color: var(--ink-2) }
a { display: block; margin-top: 24px; padding: 13px; border-radius: 12px; background: var(--brand); color: var(--on-brand); text-align: center; font-weight: 600; text-decoration: none }`
