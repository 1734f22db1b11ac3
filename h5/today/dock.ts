import type { Nearby } from '../../backend/contract/customers.ts'
import type { Report } from '../report/engine.ts'

/** A text of the message files with what it names. */
export interface Said {
  key: string
  named?: Record<string, string | number>
}

/** The docked button: what it will do, in words, and below where I am and how sure that is. */
export interface Dock {
  does: 'consent' | 'report' | 'nothing'
  title: Said
  hint: Said
}

/** The one thing to do now. Without consent that is asked first; off duty there is nothing to do. */
export function dockOf(state: {
  consent: boolean
  elsewhere: boolean
  report: Report | null
  customer: Nearby['customers'][number] | null
}): Dock {
  const { report } = state
  if (!state.consent) return dock('consent', 'today.agree', { key: 'today.agreeHint' })
  if (state.elsewhere) return dock('nothing', 'today.elsewhere', { key: 'today.elsewhereHint' })
  if (report?.phase === 'off_duty') {
    return dock('nothing', 'today.resting', { key: 'today.restingHint' })
  }
  if (report?.trouble) {
    return dock('report', 'today.again', { key: `today.trouble.${report.trouble}` })
  }
  return dock('report', 'today.report', whereOf(report, state.customer))
}

const dock = (does: Dock['does'], title: string, hint: Said): Dock => ({
  does,
  title: { key: title },
  hint,
})

function whereOf(report: Report | null, customer: Nearby['customers'][number] | null): Said {
  if (!report?.last) return { key: 'today.searching' }
  const accuracy = Math.round(report.last.accuracy ?? 0)
  if (customer === null) return { key: 'today.accuracy', named: { accuracy } }
  const named = { accuracy, customer: customer.name, metres: Math.round(customer.metres) }
  return { key: customer.where === 'inside' ? 'today.where' : 'today.near', named }
}
