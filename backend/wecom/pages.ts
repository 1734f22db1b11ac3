export interface SignInAsk {
  redirectUri: string // its host, port included, is the app's trusted domain
  state: string
}

interface App {
  corpId: string
  agentId: string
  openBase: string
  loginBase: string
}

/** The silent OAuth page of WeCom and WeChat; the fragment is part of the rule. */
export function authorizeUrl(app: App, ask: SignInAsk): string {
  const query = new URLSearchParams({
    appid: app.corpId,
    redirect_uri: ask.redirectUri,
    response_type: 'code',
    scope: 'snsapi_base',
    state: ask.state,
    agentid: app.agentId,
  })
  return `${app.openBase}/connect/oauth2/authorize?${query}#wechat_redirect`
}

/** The page that a PC's browser shows: a code to scan, or one's name when WeCom runs beside it. */
export function loginUrl(app: App, ask: SignInAsk): string {
  const query = new URLSearchParams({
    login_type: 'CorpApp',
    appid: app.corpId,
    agentid: app.agentId,
    redirect_uri: ask.redirectUri,
    state: ask.state,
  })
  return `${app.loginBase}/wwlogin/sso/login?${query}`
}
