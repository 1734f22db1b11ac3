import type { RosterEntry, RuleGroup, Rules } from '../../contract/ruleSets.ts'
import type { WecomGroup, WecomRecord, WecomRoster } from '../../contract/wecomCheckin.ts'
import type { Db } from '../../core/db.ts'
import type { Kit } from '../../core/kit.ts'
import type { JobsDoor } from '../../jobs/index.ts'
import type { ImportedPunch } from './evidence.ts'

interface Dates {
  userIds: readonly string[]
  from: string
  to: string
}
interface Read<T> {
  rows: T[]
  unknown: string[] // userids
}

/** WeCom's 打卡, as far as it is read here. */
export interface CheckinSource {
  rules(): Promise<WecomGroup[]>
  rulesOn(asked: {
    userIds: readonly string[]
    date: string
  }): Promise<Read<{ userid: string; group: WecomGroup }>>
  rosters(asked: Dates): Promise<Read<WecomRoster>>
  records(asked: Dates & { kind: 1 | 2 | 3 }): Promise<Read<WecomRecord>>
}

/** Where attendance keeps what comes in. */
export interface ImportStore {
  /** The newest version of each rule set, by id. */
  ruleSets(db: Db, orgId: string): Promise<ReadonlyMap<string, { name: string; rules: Rules }>>
  groups(db: Db, orgId: string): Promise<readonly RuleGroup[]>
  /** New versions and the whole list of groups, at once. Throws Fault `month_locked`. */
  saveRules(
    who: Who,
    saved: {
      sets: readonly { id: string; name: string; rules: Rules }[]
      groups: readonly RuleGroup[]
      validFrom: string
    },
  ): Promise<void>
  saveRoster(who: Who, entries: readonly RosterEntry[]): Promise<void>
  /** @returns how many were new. */
  savePunches(orgId: string, punches: readonly ImportedPunch[]): Promise<number>
}

export interface Who {
  orgId: string
  personId: string
}

/** Something to be written to WeCom's 打卡; see `wecom/checkin`. */
export type ToWrite =
  | {
      kind: 'record'
      at: number // epoch ms
      title: string
      detail: string
      notes?: string
      position?: { lng: number; lat: number } // GCJ-02
    }
  | { kind: 'correction'; date: string; dueSeconds?: number; at: number; remark: string }

export interface CheckinSink {
  /** Noted once for each key. */
  note(
    tx: Db,
    punch: { orgId: string; personId: string; key: string; what: ToWrite; now: number },
  ): Promise<boolean>
  /** Those of the keys that are noted. */
  noted(db: Db, orgId: string, keys: readonly string[]): Promise<ReadonlySet<string>>
  /** Instants of records that we wrote, as `person seconds`. */
  written(db: Db, orgId: string, span: { from: number; to: number }): Promise<ReadonlySet<string>>
  summary(
    db: Db,
    orgId: string,
    since: number,
  ): Promise<{
    counts: ReadonlyMap<string, number>
    refused: {
      key: string
      kind: 'record' | 'correction'
      personId: string
      at: number
      errcode: number | null
    }[]
  }>
  retry(db: Db, orgId: string, now: number): Promise<number>
}

export interface BridgeDoors {
  source: CheckinSource
  sink: CheckinSink
  store: ImportStore
  jobs: JobsDoor
}

export interface BridgeMeans extends BridgeDoors {
  kit: Pick<Kit, 'db' | 'clock' | 'log' | 'facts'>
  orgId: string
}

/** Kind of the job. */
export const IMPORT = 'attendance.wecom'
