import { z } from 'zod'

const flag = z.enum(['0', '1']).transform((text) => text === '1')
const filled = z.string().trim().min(1)

const Env = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: filled.default('0.0.0.0'),
  DATA_DIR: filled.default('./data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  WECOM_CORP_ID: filled.optional(),
  WECOM_AGENT_ID: z.string().regex(/^\d+$/).optional(),
  WECOM_SECRET: filled.optional(),
  WECOM_API_BASE: z.url().default('https://qyapi.weixin.qq.com'),
  WECOM_OPEN_BASE: z.url().default('https://open.weixin.qq.com'),
  WECOM_LOGIN_BASE: z.url().default('https://login.work.weixin.qq.com'),
  MAP_TILES: filled.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  DEMO: flag.optional(),
  DEMO_SPEED: z.coerce.number().min(0.1).max(600).default(1),
})

const WECOM_KEYS = ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET'] as const

export type Config = Readonly<{
  port: number
  host: string
  dataDir: string
  databaseUrl: string | undefined
  publicUrl: string
  wecom: Readonly<{
    corpId: string
    agentId: string
    secret: string
    apiBase: string
    openBase: string
    loginBase: string
  }> | null // null: the simulator
  mapTiles: string | undefined
  logLevel: string
  demo: boolean
  demoSpeed: number
}>

/** All mistakes together, one a line; the caller prints and exits with 2. */
export class BadConfig extends Error {}

/**
 * Reads the environment once. Empty strings count as not set.
 * @throws BadConfig naming every variable that is wrong.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const result = Env.safeParse(given)
  const mistakes = result.success
    ? halfConfigured(result.data)
    : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  if (!result.success || mistakes.length > 0) throw new BadConfig(mistakes.join('\n'))
  return Object.freeze(configOf(result.data))
}

function halfConfigured(env: z.infer<typeof Env>): string[] {
  const missing = WECOM_KEYS.filter((key) => env[key] === undefined)
  if (missing.length === 0 || missing.length === WECOM_KEYS.length) return []
  return missing.map((key) => `${key}: is needed when another WECOM_ setting is given`)
}

function configOf(env: z.infer<typeof Env>): Config {
  const wecom =
    env.WECOM_CORP_ID && env.WECOM_AGENT_ID && env.WECOM_SECRET
      ? {
          corpId: env.WECOM_CORP_ID,
          agentId: env.WECOM_AGENT_ID,
          secret: env.WECOM_SECRET,
          apiBase: env.WECOM_API_BASE,
          openBase: env.WECOM_OPEN_BASE,
          loginBase: env.WECOM_LOGIN_BASE,
        }
      : null
  return {
    port: env.PORT,
    host: env.HOST,
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    publicUrl: (env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/$/, ''),
    wecom,
    mapTiles: env.MAP_TILES,
    logLevel: env.LOG_LEVEL,
    demo: env.DEMO ?? wecom === null,
    demoSpeed: env.DEMO_SPEED,
  }
}
