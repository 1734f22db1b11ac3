import type { DayInput, DayLedger, DayType, LedgerMinutes } from '../../contract/attendance.ts'
import type { LeaveKind } from '../../contract/approvalSettings.ts'
import type { MonthTotals } from '../../contract/months.ts'

/** What was granted of a day, and which of its minutes are what; null when nothing was. */
export type Granted = Pick<DayInput, 'leaves' | 'outings' | 'overtime'> & Pick<DayLedger, 'pieces'>

/** A punch outside (WeCom's 外出打卡), a row of its own sheet. */
export interface OutingPunch {
  readonly at: string // wall clock YYYY-MM-DD HH:MM:SS
  readonly place: string | null
  readonly address: string | null
  readonly note: string | null
  readonly photos: number
  readonly device: string | null
}

/** How often on a day: punches outside, and those with something odd about their place or phone. */
export interface Oddities {
  readonly outings: number
  readonly place: number
  readonly device: number
}

/** A person-day as exports need it. */
export interface ExportDay {
  readonly date: string
  readonly dayType: DayType
  readonly dayName: string | null // of a holiday
  readonly shift: string | null
  readonly rules: string // name and version, as "标准 v3"
  readonly marks: string
  readonly cell: string // as the matrix shows it
  readonly minutes: LedgerMinutes
  readonly overtime: number // minutes as they count
  readonly dueDays: number
  readonly due: DayLedger['due']
  readonly punches: DayLedger['punches']
  readonly granted: Granted | null // read for WeCom's layout alone
}

/** A person's month as exports need it. */
export interface ExportPerson {
  readonly id: string
  readonly userId: string // what the directory calls him now
  readonly name: string
  readonly department: string
  readonly position: string | null
  readonly totals: MonthTotals
  readonly cells: readonly string[] // one a date, as the matrix shows them
  readonly days: readonly ExportDay[] // those that are kept, by date
  readonly outings: readonly OutingPunch[] // with `oddities` for WeCom's layout alone
  readonly oddities: ReadonlyMap<string, Oddities> // by date
}

/** Reads people with their months in batches, always in the same order; each call begins anew. */
export type ReadPeople = () => AsyncIterable<readonly ExportPerson[]>

/** What stands on the first sheet: enough to say later what this file was made of. */
export interface About {
  readonly company: string
  readonly month: string
  readonly zone: string
  readonly department: string | null // name; null: all
  readonly search: string | null
  readonly people: number
  readonly closing: 'open' | 'grace' | 'locked' | 'reopened'
  readonly lockedAt: string | null // wall clock
  readonly rules: readonly string[]
  readonly chain: { readonly date: string; readonly hash: string } | null // newest link of check-ins and punches
  readonly madeAt: string // wall clock in `zone`
  readonly madeBy: string
}

/** Whose month is wanted: the viewer's scope, then his filter. */
export interface Asked {
  readonly orgId: string
  readonly departments: readonly string[] | 'all' // that the viewer may see
  readonly month: string // YYYY-MM
  readonly department?: string | undefined
  readonly q?: string | undefined
  readonly layout?: 'zuji' | 'wecom' | undefined // WeCom's has more of each day
}

/** A month opened for reading. */
export interface OpenedMonth {
  readonly department: string | null // name of the filter's
  readonly people: number
  readonly rules: readonly string[] // names, versions and dates, of all that were in force
  readonly days: readonly { date: string; type: string; makeUp: boolean }[]
  readonly leaveKinds: readonly LeaveKind[] // that are in use
  readonly read: ReadPeople
}

export type OpenMonth = (asked: Asked) => Promise<OpenedMonth>
