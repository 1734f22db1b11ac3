import type { Feature, Kit } from '../../core/kit.ts'
import type { Call } from '../api/caller.ts'
import { forgetPunches } from './outbox.ts'
import { writeDue } from './round.ts'

const EVERY_MS = 15_000
const FORGET_MS = 24 * 3_600_000

export interface PunchWritingDoor extends Feature {
  /** One round; the chore does it every quarter of a minute. */
  writeDue: () => Promise<number>
}

/** Writes to WeCom's 打卡 what `notePunch` notes. */
export function createPunchWriting(
  kit: Pick<Kit, 'db' | 'clock' | 'log'>,
  call: Call,
  orgId: string,
): PunchWritingDoor {
  const { db, clock, log } = kit
  const run = () => writeDue({ db, clock, log, call, orgId })
  return {
    routes: [],
    writeDue: run,
    chores: [
      { name: 'wecom.punches', everyMs: EVERY_MS, run },
      {
        name: 'wecom.forget-punches',
        everyMs: FORGET_MS,
        run: () => forgetPunches(db, orgId, clock.now()),
      },
    ],
  }
}
