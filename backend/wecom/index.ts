import { Fault } from '../core/errors.ts'
import { createCaller, type Call, type CallerOptions } from './api/caller.ts'
import {
  listDepartments,
  memberAt,
  membersOf,
  type WecomDepartment,
  type WecomMember,
} from './contacts.ts'
import { authorizeUrl, loginUrl, type SignInAsk } from './pages.ts'
import { pageSignature, type PageSignature, type SignatureKind } from './signature.ts'
import { createTickets } from './api/tickets.ts'
import { userIdOf } from './visitor.ts'

export {
  createCallbacks,
  type Callbacks,
  type CallbackSettings,
  type Fact,
  type Listener,
} from './callback/index.ts'
export type { ApprovalChange, CardAnswer, ContactChange, Heard, HeardKind } from './events/index.ts'
export {
  createCheckin,
  createPunchWriting,
  dateOf,
  midnightOf,
  notedInstants,
  notePunch,
  punchDeliveriesOf,
  punchSummary,
  retryPunches,
  type Checkin,
  type PunchToWrite,
} from './checkin/index.ts'
export { checksRoutes } from './checks/routes.ts'
export { diagnose, isWell, type Evidence, type Finding } from './checks/doctor.ts'
export { probe } from './checks/doctorProbes.ts'
export { limitsIn } from './api/sharedLimits.ts'
export { lentIn } from './api/lent.ts'
export { createMedia, type Media } from './media.ts'
export { createMessaging, type Messaging } from './messages/messaging.ts'
export {
  closeMessage,
  deliveriesOf,
  enqueueMessage,
  pressedMessage,
  type MessageDelivery,
  type PressedMessage,
} from './messages/outbox.ts'
export { wecomQueues } from './queues.ts'
export { wecomRoutes } from './routes.ts'
export type { WecomDepartment, WecomMember } from './contacts.ts'
export type { PageSignature, SignatureKind } from './signature.ts'

export interface WecomOptions extends CallerOptions {
  corpId: string
  agentId: string
  openBase: string // of the OAuth page inside the app
  loginBase: string // of the sign-in page for a PC
}

/** One app of one WeCom corp, as far as Zuji needs it. Everything that fails throws Fault `wecom_failed`. */
export interface Wecom {
  readonly corpId: string
  readonly agentId: string
  /** Any other API with this app's token. */
  readonly call: Call
  /** In words why there is no token now; null: there is one. */
  trouble(): Promise<string | null>
  /** Where to send a browser inside WeCom or WeChat. `state` is of [a-zA-Z0-9], at most 128. */
  authorizeUrl(ask: SignInAsk): string
  /** Where to send any other browser. */
  loginUrl(ask: SignInAsk): string
  /** The member behind a one-use code; null for somebody outside of the corp. */
  userIdOf(code: string): Promise<string | null>
  /** What a page at `url` hands to the JS-SDK. Check the origin of `url` before. */
  jssdkSignature(ask: { url: string; kind: SignatureKind }): Promise<PageSignature>
  /** Members of one department the app may see, without those below it. */
  membersOf(departmentId: number): Promise<WecomMember[]>
  /** One member; null when there is none whom the app may see. */
  memberAt(userId: string): Promise<WecomMember | null>
  /** Departments the app may see. */
  listDepartments(): Promise<WecomDepartment[]>
}

/**
 * The client of WeCom's API: one access token and two tickets, each fetched once however many ask,
 * and renewed 300 s before they end.
 */
export function createWecom(options: WecomOptions): Wecom {
  const { corpId, agentId, clock } = options
  const call = createCaller(options)
  const tickets = createTickets(call)
  return {
    corpId,
    agentId,
    call,
    trouble: () => call.ready().then(() => null, sentenceOf),
    authorizeUrl: (ask) => authorizeUrl(options, ask),
    loginUrl: (ask) => loginUrl(options, ask),
    userIdOf: (code) => userIdOf(call, code),
    async jssdkSignature({ url, kind }) {
      const signed = pageSignature({ ticket: await tickets[kind].get(), url, now: clock.now() })
      return { corpId, agentId, ...signed }
    },
    membersOf: (departmentId) => membersOf(call, departmentId),
    memberAt: (userId) => memberAt(call, userId),
    listDepartments: () => listDepartments(call),
  }
}

/** A Fault of this client says what WeCom answered; never the secret, which is in its query. */
const sentenceOf = (error: unknown) =>
  error instanceof Fault ? error.message : 'the token could not be fetched'
