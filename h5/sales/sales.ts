import type { SalesContent, SalesKind, SalesRecord } from '../../backend/contract/sales.ts'

/** Cents as 1,234.50. */
export const yuan = (cents: number): string =>
  (cents / 100).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** Cents from what somebody typed; null when it is no amount. */
export function centsOf(text: string): number | null {
  const amount = Number(text.replaceAll(',', ''))
  return text.trim() === '' || !Number.isFinite(amount) || amount < 0
    ? null
    : Math.round(amount * 100)
}

/** The key of the words for its stage or status; an order has none. */
export function stateKey(content: SalesContent): string | null {
  if (content.kind === 'opportunity') return `sales.stages.${content.stage}`
  return content.kind === 'ticket' ? `sales.statuses.${content.status}` : null
}

export const dueOf = ({ content }: Pick<SalesRecord, 'content'>): string | null => {
  if (content.kind === 'opportunity') return content.closesOn
  return content.kind === 'ticket' ? content.dueOn : null
}

export const KINDS: readonly SalesKind[] = ['opportunity', 'order', 'ticket']
export const STAGES = ['lead', 'contacted', 'quoted', 'won', 'lost'] as const
export const STATUSES = ['open', 'working', 'solved', 'closed'] as const
