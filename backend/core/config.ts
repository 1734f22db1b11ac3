import { z } from 'zod'
import { addressesOf } from './hosts.ts'

const flag = z.enum(['0', '1']).transform((text) => text === '1')
const filled = z.string().trim().min(1)
const callbackToken = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9]{1,32}$/, 'must be the callback’s Token: up to 32 letters and digits')
const callbackAesKey = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9]{43}$/, 'must be the callback’s EncodingAESKey: 43 letters and digits')
/** A service that knows the roads, and how it is spoken to. */
const roads = z
  .string()
  .trim()
  .regex(
    /^(osrm|valhalla)\+https?:\/\/[^\s?#]+$/,
    'must be osrm+http://host:port or valhalla+http://host:port',
  )
  .refine((text) => URL.canParse(text.replace(/^\w+\+/, '')), 'must hold a valid address')
/** As libpq has it: several hosts by commas, of which the one is used that takes writes. */
const database = z
  .string()
  .refine(
    (text) => /^postgres(ql)?:/.test(text) && addressesOf(text).every((each) => URL.canParse(each)),
    'must be postgres://name:password@host:port/database, or several hosts by commas',
  )
const datum = z.enum(['wgs84', 'gcj02', 'bd09'])

const Env = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: filled.default('0.0.0.0'),
  DATA_DIR: filled.default('./data'),
  DATABASE_URL: database.optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  WECOM_CORP_ID: filled.optional(),
  WECOM_AGENT_ID: z.string().regex(/^\d+$/).optional(),
  WECOM_SECRET: filled.optional(),
  WECOM_CALLBACK_TOKEN: callbackToken.optional(),
  WECOM_CALLBACK_AES_KEY: callbackAesKey.optional(),
  WECOM_CONTACTS_SECRET: filled.optional(),
  WECOM_CONTACTS_TOKEN: callbackToken.optional(),
  WECOM_CONTACTS_AES_KEY: callbackAesKey.optional(),
  /** The letters of `WW_verify_<letters>.txt`, by which WeCom knows that the domain is ours; several by commas. */
  WECOM_VERIFY: z
    .string()
    .regex(/^[A-Za-z0-9]{1,64}(,[A-Za-z0-9]{1,64})*$/)
    .optional(),
  WECOM_API_BASE: z.url().default('https://qyapi.weixin.qq.com'),
  WECOM_OPEN_BASE: z.url().default('https://open.weixin.qq.com'),
  WECOM_LOGIN_BASE: z.url().default('https://login.work.weixin.qq.com'),
  WECOM_EVENT_DATUM: datum.default('gcj02'),
  WECOM_MESSAGE_DATUM: datum.default('gcj02'),
  MAP_TILES: filled.optional(),
  SESSION_SECRET: filled.optional(),
  /** Hosts inside of our own network that alerts may be sent to; by commas. */
  WEBHOOK_PRIVATE_HOSTS: z
    .string()
    .regex(/^[^\s,/:]+(,[^\s,/:]+)*$/, 'must be names of hosts, by commas')
    .optional(),
  ROADS_URL: roads.optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  DEMO: flag.optional(),
  DEMO_SPEED: z.coerce.number().min(0.1).max(600).default(1),
})

/** The names of all settings. */
export const SETTINGS: readonly string[] = Object.keys(Env.shape)

const WECOM_KEYS = ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET'] as const
/** Each callback address has a token and a key: both or neither. */
const CALLBACK_KEYS = [
  ['WECOM_CALLBACK_TOKEN', 'WECOM_CALLBACK_AES_KEY'],
  ['WECOM_CONTACTS_TOKEN', 'WECOM_CONTACTS_AES_KEY'],
] as const

type CallbackKeys = Readonly<{ token: string; aesKey: string }>

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
    contactsSecret: string | undefined // of the console's contacts sync
    apiBase: string
    openBase: string
    loginBase: string
    /** Null: WeCom is not asked to call this address. */
    callbacks: Readonly<{ app: CallbackKeys | null; contacts: CallbackKeys | null }>
  }> | null // null: the simulator
  /** In which datum WeCom's LOCATION events and location messages are: it does not document that. */
  heardDatum: Readonly<{ event: z.infer<typeof datum>; message: z.infer<typeof datum> }>
  wecomVerify: readonly string[]
  sessionSecret: string | undefined // none: one of the data directory
  webhookPrivateHosts: readonly string[] // in lower case
  mapTiles: string | undefined
  roadsUrl: string | undefined
  redisUrl: string | undefined // joins several processes
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

/** Settings that come together and are given in part. A callback needs the corp it belongs to. */
function halfConfigured(env: z.infer<typeof Env>): string[] {
  const wecom = CALLBACK_KEYS.flat().some((key) => env[key] !== undefined)
  return [
    ...missingOf(env, WECOM_KEYS, wecom),
    ...CALLBACK_KEYS.flatMap((keys) => missingOf(env, keys)),
  ].map((key) => `${key}: is needed when another WECOM_ setting is given`)
}

function missingOf<K extends keyof z.infer<typeof Env>>(
  env: z.infer<typeof Env>,
  keys: readonly K[],
  needed = false,
): K[] {
  const missing = keys.filter((key) => env[key] === undefined)
  return missing.length === keys.length && !needed ? [] : missing
}

function wecomOf(env: z.infer<typeof Env>): Config['wecom'] {
  const { WECOM_CORP_ID: corpId, WECOM_AGENT_ID: agentId, WECOM_SECRET: secret } = env
  if (!corpId || !agentId || !secret) return null
  return {
    corpId,
    agentId,
    secret,
    contactsSecret: env.WECOM_CONTACTS_SECRET,
    apiBase: env.WECOM_API_BASE,
    openBase: env.WECOM_OPEN_BASE,
    loginBase: env.WECOM_LOGIN_BASE,
    callbacks: {
      app: callbackOf(env.WECOM_CALLBACK_TOKEN, env.WECOM_CALLBACK_AES_KEY),
      contacts: callbackOf(env.WECOM_CONTACTS_TOKEN, env.WECOM_CONTACTS_AES_KEY),
    },
  }
}

const callbackOf = (token: string | undefined, aesKey: string | undefined) =>
  token && aesKey ? { token, aesKey } : null

function configOf(env: z.infer<typeof Env>): Config {
  const wecom = wecomOf(env)
  return {
    port: env.PORT,
    host: env.HOST,
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    publicUrl: (env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/$/, ''),
    wecom,
    heardDatum: { event: env.WECOM_EVENT_DATUM, message: env.WECOM_MESSAGE_DATUM },
    wecomVerify: env.WECOM_VERIFY?.split(',') ?? [],
    sessionSecret: env.SESSION_SECRET,
    webhookPrivateHosts: env.WEBHOOK_PRIVATE_HOSTS?.toLowerCase().split(',') ?? [],
    mapTiles: env.MAP_TILES,
    roadsUrl: env.ROADS_URL,
    redisUrl: env.REDIS_URL,
    logLevel: env.LOG_LEVEL,
    demo: env.DEMO ?? wecom === null,
    demoSpeed: env.DEMO_SPEED,
  }
}
