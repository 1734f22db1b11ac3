import { setTimeout as wait } from 'node:timers/promises'
import type { Report } from './company.ts'

export interface Load {
  /** Ids that the server has acknowledged. */
  readonly acknowledged: Set<string>
  /** How often each answer came that was none: `503`, `refused`, `timeout` … */
  readonly trouble: Map<string, number>
  /** Answered when all is acknowledged. Rejects with what was refused for good, or when patience ends. */
  done(patienceMs: number): Promise<void>
}

const LINES = 6 // connections at once
const AGAIN = 250 // ms
const FOR_GOOD = /^4(?!08|29)/ // answers after which a phone does not ask again
const ANSWER_WITHIN = 5_000 // ms: then a phone asks again

/** Phones that send what they have, a little at a time, and keep each report until it is acknowledged. */
export function startPhones(
  urlOf: (line: number) => string,
  tokens: ReadonlyMap<string, string>,
  { reports, paceMs }: { reports: readonly Report[]; paceMs: number },
): Load {
  const waiting = [...reports]
  const acknowledged = new Set<string>()
  const trouble = new Map<string, number>()
  const refused: string[] = []
  let over = false
  const tell = (answer: string) => {
    const short = /^\d{3}/.exec(answer)?.[0] ?? answer
    trouble.set(short, (trouble.get(short) ?? 0) + 1)
  }
  const line = async (index: number) => {
    for (let report = waiting.shift(); report && !over; report = waiting.shift()) {
      const answer = await send(urlOf(index), report, tokens.get(report.personId) ?? '')
      if (answer === 'kept') for (const id of report.ids) acknowledged.add(id)
      else {
        tell(answer)
        if (FOR_GOOD.test(answer)) refused.push(`${report.path} ${answer}`)
        else waiting.push(report)
      }
      await wait(answer === 'kept' ? paceMs : AGAIN)
    }
  }
  const lines = Array.from({ length: LINES }, (_, index) => line(index))
  const left = () => reports.length - reports.filter(({ ids }) => ids.every((id) => acknowledged.has(id))).length // prettier-ignore
  return {
    acknowledged,
    trouble,
    async done(patienceMs) {
      const late = wait(patienceMs, 'late', { ref: false })
      const outcome = await Promise.race([Promise.all(lines), late])
      over = true
      if (outcome === 'late') throw new Error(`${left()} reports were not acknowledged in time`)
      if (refused.length > 0) throw new Error(`refused for good: ${refused[0]}`)
    },
  }
}

/** @returns `kept`, or what came instead */
async function send(url: string, report: Report, token: string): Promise<string> {
  try {
    const reply = await fetch(url + report.path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: report.body,
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    })
    const text = await reply.text()
    if (reply.status !== 200) return `${reply.status} ${reply.status < 500 ? text.slice(0, 200) : ''}`.trim() // prettier-ignore
    return /"rejected":\[\{/.test(text) ? `422 ${text.slice(0, 200)}` : 'kept'
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'no answer' : 'no connection'
  }
}
