import type { Flow, FlowRule, FlowStep } from '../../../backend/contract/approvalSettings.ts'

export const newStep = (): FlowStep => ({
  by: { who: 'direct_leader' },
  need: 'any',
  remindAfterHours: 24,
  escalateAfterHours: 72,
})

export const newRule = (name: string): FlowRule => ({
  name,
  when: { kinds: ['leave'], leaveKinds: [], daysOver: null },
  steps: [newStep()],
})

/** One before the last, which is for all requests. */
export const withRule = (flow: Flow, rule: FlowRule): Flow => ({
  ...flow,
  rules: [...flow.rules.slice(0, -1), rule, ...flow.rules.slice(-1)],
})

export const replaced = <T>(list: readonly T[], index: number, value: T): T[] =>
  list.map((each, at) => (at === index ? value : each))

export const removed = <T>(list: readonly T[], index: number): T[] =>
  list.filter((_, at) => at !== index)

/** Swaps with the one before. */
export const raised = <T>(list: readonly T[], index: number): T[] => {
  const [before, it] = [list[index - 1], list[index]]
  if (before === undefined || it === undefined) return [...list]
  return [...list.slice(0, index - 1), it, before, ...list.slice(index + 1)]
}
