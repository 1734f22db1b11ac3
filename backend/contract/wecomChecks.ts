import { z } from 'zod'
import { Millis } from './terms.ts'

/** The steps from an empty server to one that works with a company's WeCom, in the order of doing. */
export const SetupStep = z.enum([
  'server', // reaches WeCom, its clock is right
  'address', // PUBLIC_URL
  'company', // corp id
  'app', // agent id and secret
  'domain', // trusted domain and the file that proves it
  'callback', // of the app
  'ip', // trusted IPs
  'contacts', // secret and callback of contacts sync
  'range', // who may see the app
  'home', // what opens when the app is tapped
  'attendance', // whether WeCom's own 打卡 may be read; only who bridges it needs that
])
export type SetupStep = z.infer<typeof SetupStep>

export const SetupSetting = z.enum([
  'WECOM_CORP_ID',
  'WECOM_AGENT_ID',
  'WECOM_SECRET',
  'WECOM_CALLBACK_TOKEN',
  'WECOM_CALLBACK_AES_KEY',
  'WECOM_CONTACTS_SECRET',
  'WECOM_CONTACTS_TOKEN',
  'WECOM_CONTACTS_AES_KEY',
])
export type SetupSetting = z.infer<typeof SetupSetting>

/**
 * `todo`: something is not filled in yet · `waiting`: can not be seen before another step is well ·
 * `unknown`: nothing is wrong here, but the server can not see whether the console is right.
 */
export const SetupState = z.enum(['ok', 'wrong', 'todo', 'waiting', 'unknown'])
export type SetupState = z.infer<typeof SetupState>

/** What was found. Pages word it; see `values`. */
export const SetupCode = z.enum([
  'reaches_wecom',
  'wecom_unreachable', // reason, status
  'simulator', // WeCom is not asked
  'cut_off', // there was no time left
  'clock', // seconds
  'throttled', // errcode
  'refused', // errcode, of a kind we do not know
  'address_answers', // url
  'address_local', // url
  'not_https', // url
  'not_reachable', // url, reason, status
  'company_known', // corpId
  'corp_id', // errcode
  'app_known', // agentId, name
  'secret', // errcode
  'agent_id', // errcode
  'app_disabled', // errcode
  'domain_trusted', // host
  'domain_untold', // host
  'untrusted_domain', // host, trusted
  'domain_port', // host; the JS-SDK takes none with a port
  'verify_served', // url
  'verify_elsewhere', // url, reason, status
  'verify_missing',
  'callback_heard', // at
  'callback_silent',
  'contacts_silent',
  'callback_not_loaded',
  'callback_refused', // reason, status
  'callback_token_mismatch',
  'callback_key_mismatch',
  'callback_corp_mismatch',
  'ip_allowed',
  'ip', // ip, where WeCom told it
  'contacts_read',
  'contacts_secret', // errcode
  'contacts_rights', // errcode
  'range_seen', // count
  'visible_range', // errcode
  'attendance_granted',
  'attendance_rights', // errcode
  'home_set', // url
  'home_other', // url
  'home_missing',
  'home_untold',
  'setting_missing', // setting
])
export type SetupCode = z.infer<typeof SetupCode>

const Value = z.enum([
  'url',
  'host',
  'trusted', // the host that WeCom knows
  'corpId',
  'agentId',
  'name',
  'ip',
  'count',
  'seconds',
  'errcode',
  'reason', // one of FailReason
  'status', // HTTP
  'at', // epoch ms
  'setting',
])
export const FailReason = z.enum(['timeout', 'connection', 'http', 'other'])

export const SetupFinding = z.object({
  state: z.enum(['ok', 'wrong', 'todo', 'unknown']),
  code: SetupCode,
  values: z.partialRecord(Value, z.union([z.string(), z.number()])),
})
export type SetupFinding = z.infer<typeof SetupFinding>

export const SetupCheck = z.object({
  step: SetupStep,
  state: SetupState,
  after: SetupStep.nullable(), // what a waiting step waits for
  findings: z.array(SetupFinding),
})
export type SetupCheck = z.infer<typeof SetupCheck>

/** How the server stands to its WeCom. Of the settings only whether they are given: nothing here is secret. */
export const WecomChecks = z.object({
  now: Millis,
  checkedAt: Millis,
  nextAt: Millis, // before this the same answer comes again
  simulator: z.boolean(),
  publicUrl: z.string(),
  given: z.record(SetupSetting, z.boolean()),
  checks: z.array(SetupCheck),
})
export type WecomChecks = z.infer<typeof WecomChecks>
