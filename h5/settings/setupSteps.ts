import { SetupStep, type SetupSetting } from '../../backend/contract/wecomChecks.ts'

export interface GuideStep {
  id: SetupStep
  acts: number // `setup.step.<id>.do.1` …
  inConsole: boolean // has a menu path in WeCom's console
  settings: readonly SetupSetting[]
  optional: boolean
  /** What is to be pasted into the console, or into the environment. */
  copy: (publicUrl: string) => string | null
}

const nothing = () => null

type About = Omit<GuideStep, 'id' | 'inConsole' | 'settings' | 'optional'> &
  Partial<Pick<GuideStep, 'inConsole' | 'settings' | 'optional'>>

const ABOUT: Record<SetupStep, About> = {
  server: { acts: 4, inConsole: false, copy: nothing },
  address: { acts: 3, inConsole: false, copy: (url) => `PUBLIC_URL=${publicOr(url)}` },
  company: { acts: 2, settings: ['WECOM_CORP_ID'], copy: nothing },
  app: { acts: 4, settings: ['WECOM_AGENT_ID', 'WECOM_SECRET'], copy: nothing },
  domain: { acts: 4, copy: (url) => new URL(publicOr(url)).host },
  callback: {
    acts: 5,
    settings: ['WECOM_CALLBACK_TOKEN', 'WECOM_CALLBACK_AES_KEY'],
    copy: (url) => `${publicOr(url)}/wecom/callback/app`,
  },
  ip: { acts: 3, copy: nothing },
  contacts: {
    acts: 5,
    settings: ['WECOM_CONTACTS_SECRET', 'WECOM_CONTACTS_TOKEN', 'WECOM_CONTACTS_AES_KEY'],
    copy: (url) => `${publicOr(url)}/wecom/callback/contacts`,
  },
  range: { acts: 3, copy: nothing },
  home: { acts: 3, copy: (url) => `${publicOr(url)}/` },
  attendance: { acts: 4, optional: true, copy: nothing },
}

export const GUIDE: readonly GuideStep[] = SetupStep.options.map((id) => ({
  ...{ inConsole: true, settings: [], optional: false },
  ...ABOUT[id],
  id,
}))

/** An address that WeCom could not call is no example to copy. */
function publicOr(url: string): string {
  const usable = URL.canParse(url) && new URL(url).protocol === 'https:'
  return usable ? url : 'https://zuji.example.com'
}
