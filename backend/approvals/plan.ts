import type { RequestKind, StepBy } from '../contract/approvals.ts'
import type { Flow, FlowRule } from '../contract/approvalSettings.ts'
import type { PlanStep } from './flow.ts'

/** Who stands above somebody, all of them active members. */
export interface Chart {
  personId: string
  direct: readonly string[] // his direct leaders
  chain: readonly (readonly string[])[] // leaders of his department, of the one above …
  hr: readonly string[]
  admins: readonly string[]
  active: ReadonlySet<string> // of those whom the flow names
}

export interface Asked {
  kind: RequestKind
  leaveKind: string | null
  days: number
}

/** The first rule that fits. */
export const ruleFor = (flow: Flow, asked: Asked): FlowRule | undefined =>
  flow.rules.find(({ when }) => {
    if (when.kinds.length > 0 && !when.kinds.includes(asked.kind)) return false
    if (
      when.leaveKinds.length > 0 &&
      !(asked.leaveKind && when.leaveKinds.includes(asked.leaveKind))
    )
      return false
    return when.daysOver === null || asked.days > when.daysOver
  })

/**
 * The steps a request has to go, with those who are asked. Nobody decides his own. A step that
 * nobody can answer is left out or goes to HR, as the flow says; when nothing is left HR decides,
 * then an admin. Empty: nobody in the company may decide.
 */
export function planOf(flow: Flow, asked: Asked, chart: Chart): PlanStep[] {
  const steps = (ruleFor(flow, asked)?.steps ?? []).flatMap((step): PlanStep[] => {
    const found = approversOf(step.by, chart)
    const approverIds = found.length === 0 && flow.whenMissing === 'hr' ? lastResort(chart) : found
    return approverIds.length > 0 ? [{ ...step, approverIds }] : []
  })
  return steps.length > 0 ? steps : onlyStep(lastResort(chart))
}

/** Who grants a revocation: the direct leader or HR, whoever is first. */
export const revocationPlan = (chart: Chart): PlanStep[] =>
  onlyStep([...new Set([...approversOf({ who: 'direct_leader' }, chart), ...lastResort(chart)])])

const onlyStep = (approverIds: string[]): PlanStep[] =>
  approverIds.length === 0
    ? []
    : [
        {
          by: { who: 'hr' },
          need: 'any',
          approverIds,
          remindAfterHours: 24,
          escalateAfterHours: null,
        },
      ]

/** Who takes the place of somebody who has left: those whom the step means today, or HR. */
export function successorsOf(by: StepBy, chart: Chart, gone: string): string[] {
  const found = approversOf(by, chart).filter((id) => id !== gone)
  return found.length > 0 ? found : lastResort(chart).filter((id) => id !== gone)
}

/** Who may answer when those asked do not: the nearest leaders above them, or HR. */
export function aboveOf(asked: readonly string[], chart: Chart): string[] {
  const above = levels(chart).find((leaders) => leaders.every((id) => !asked.includes(id)))
  return (above ?? lastResort(chart)).filter((id) => !asked.includes(id))
}

function approversOf(by: StepBy, chart: Chart): string[] {
  const others = (ids: readonly string[]) => ids.filter((id) => id !== chart.personId)
  switch (by.who) {
    case 'direct_leader': {
      const direct = others(chart.direct)
      return direct.length > 0 ? direct : (levels(chart)[0] ?? [])
    }
    case 'department_leader':
      return levels(chart)[by.up - 1] ?? []
    case 'hr':
      return others(chart.hr)
    case 'person':
      return others(by.personIds).filter((id) => chart.active.has(id))
  }
}

/** Departments that are led by others than the person, from the nearest up. */
const levels = ({ chain, personId }: Chart): string[][] =>
  chain.map((leaders) => leaders.filter((id) => id !== personId)).filter((ids) => ids.length > 0)

function lastResort({ hr, admins, personId }: Chart): string[] {
  const others = hr.filter((id) => id !== personId)
  return others.length > 0 ? others : admins.filter((id) => id !== personId)
}
