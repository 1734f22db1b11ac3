import { z } from 'zod'
import {
  Confirmations,
  ConfirmInput,
  datesOfMonth,
  DayDifferences,
  GraceInput,
  LockInput,
  Month,
  MonthClosing,
  MyMonth,
  ReopenInput,
} from '../../contract/closing.ts'
import { Fault, found } from '../../core/errors.ts'
import type { Kit } from '../../core/kit.ts'
import { route, signedIn, type Route, type Viewer } from '../../core/http/route.ts'
import { isHr } from '../policy.ts'
import { seesMonths } from './policy.ts'
import { confirmationsOf, countWords, myMonth, say } from './confirm.ts'
import type { KeptDays } from './days.ts'
import { countLate, insertDecision, listDifferences, loadStanding, type NewDecision } from './queries.ts' // prettier-ignore

const Path = z.object({ month: Month })
const LISTED = 500

/** Where HR closes months, and people say whether theirs are right. */
export const closingRoutes = (kit: Kit, days: KeptDays): Route[] => [
  ...decisionRoutes(kit, days),
  ...wordRoutes(kit, days),
  route({
    method: 'GET',
    path: '/api/v1/attendance/months/:month/differences',
    summary: 'What came out otherwise than it was kept: before, after, and why',
    params: Path,
    reply: DayDifferences,
    allow: seesMonths,
    run: async ({ viewer, params }) => {
      const range = { ...datesOfMonth(params.month), limit: LISTED }
      const differences = await listDifferences(kit.db, viewer, range)
      return { differences: differences.slice(0, LISTED), more: differences.length > LISTED }
    },
  }),
]

async function closingOf(kit: Kit, days: KeptDays, viewer: Viewer, month: string) {
  const { orgId } = viewer
  const standing = await loadStanding(kit.db, orgId, month, kit.clock.now())
  return {
    ...standing,
    confirmed: await countWords(kit.db, viewer, month, days),
    differences: await countLate(kit.db, orgId, datesOfMonth(month)),
  }
}

type Decided = Pick<NewDecision, 'id' | 'kind' | 'reason' | 'until'>

async function decide(
  { kit, days }: { kit: Kit; days: KeptDays },
  viewer: Viewer,
  month: string,
  decided: Decided,
) {
  const { orgId } = viewer
  const fact = { orgId, month, at: kit.clock.now(), by: viewer.id, ...decided }
  if (await insertDecision(kit.db, fact)) kit.facts.publish('monthDecided', { orgId, month })
  return closingOf(kit, days, viewer, month)
}

const decisionRoutes = (kit: Kit, days: KeptDays): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/attendance/months/:month/closing',
    summary: 'How a month stands: open, in grace, locked or reopened, and who agrees to his',
    params: Path,
    reply: MonthClosing,
    allow: seesMonths,
    run: ({ viewer, params }) => closingOf(kit, days, viewer, params.month),
  }),
  lockRoute(kit, days),
  reopenRoute(kit, days),
  graceRoute(kit, days),
]

const lockRoute = (kit: Kit, days: KeptDays) =>
  route({
    method: 'POST',
    path: '/api/v1/attendance/months/:month/lock',
    summary: 'Lock a month: its days are brought up to date once more, and then kept',
    params: Path,
    input: LockInput,
    reply: MonthClosing,
    allow: isHr,
    run: async ({ viewer, params: { month }, input }) => {
      const { over, state } = await loadStanding(kit.db, viewer.orgId, month, kit.clock.now())
      if (!over) throw new Fault('conflict', 'month: its last day is not over')
      if (state === 'locked') return closingOf(kit, days, viewer, month)
      await days.settle(viewer.orgId, month)
      return decide({ kit, days }, viewer, month, { id: input.id, kind: 'lock' })
    },
  })

const reopenRoute = (kit: Kit, days: KeptDays) =>
  route({
    method: 'POST',
    path: '/api/v1/attendance/months/:month/reopen',
    summary: 'Unlock a month, and say why',
    params: Path,
    input: ReopenInput,
    reply: MonthClosing,
    allow: isHr,
    run: async ({ viewer, params: { month }, input }) => {
      const { state } = await loadStanding(kit.db, viewer.orgId, month, kit.clock.now())
      if (state !== 'locked') throw new Fault('conflict', 'month: it is not locked')
      return decide({ kit, days }, viewer, month, { ...input, kind: 'reopen' })
    },
  })

const TO_COME = { field: 'until', rule: 'must be to come' }

const graceRoute = (kit: Kit, days: KeptDays) =>
  route({
    method: 'POST',
    path: '/api/v1/attendance/months/:month/grace',
    summary: 'Say until when corrections of a month are taken',
    params: Path,
    input: GraceInput,
    reply: MonthClosing,
    allow: isHr,
    run: ({ viewer, params, input }) => {
      if (input.until <= kit.clock.now())
        throw new Fault('bad_input', 'until: must be to come', [TO_COME])
      return decide({ kit, days }, viewer, params.month, { ...input, kind: 'grace' })
    },
  })

function wordRoutes(kit: Kit, days: KeptDays): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/attendance/months/:month/confirmations',
      summary: 'What the people in my scope say of their month',
      params: Path,
      reply: Confirmations,
      allow: seesMonths,
      run: async ({ viewer, params }) => ({
        confirmations: await confirmationsOf(kit.db, viewer, params.month, days),
      }),
    }),
    route({
      method: 'GET',
      path: '/api/v1/attendance/months/:month/mine',
      summary: 'My month as it stands, and what I said of it',
      params: Path,
      reply: MyMonth,
      allow: signedIn,
      run: async ({ viewer, params }) =>
        found(await myMonth(kit, viewer, params.month, days), 'your month'),
    }),
    route({
      method: 'POST',
      path: '/api/v1/attendance/months/:month/confirm',
      summary: 'Agree to my month as it was shown, or say what is not right',
      params: Path,
      input: ConfirmInput,
      reply: MyMonth,
      allow: signedIn,
      run: async ({ viewer, params, input }) => {
        await say(kit, viewer, params.month, { days, word: input })
        return found(await myMonth(kit, viewer, params.month, days), 'your month')
      },
    }),
  ]
}
