import type { SalesContent, SalesRecord } from '../contract/sales.ts'
import type { Cell, Column } from '../core/sheets/write.ts'

export const SALES_COLUMNS: Column[] = [
  { title: '类型 Kind', kind: 'text' },
  { title: '客户 Customer', kind: 'text' },
  { title: '负责人 Person', kind: 'text' },
  { title: '标题 Title', kind: 'text' },
  { title: '阶段/状态 Stage', kind: 'text' },
  { title: '金额 Amount', kind: 'decimal' },
  { title: '商品 Item', kind: 'text' },
  { title: '数量 Quantity', kind: 'decimal' },
  { title: '单位 Unit', kind: 'text' },
  { title: '单价 Price', kind: 'decimal' },
  { title: '日期 Due', kind: 'date' },
  { title: '拜访日期 Visit', kind: 'date' },
  { title: '拜访 Visit status', kind: 'text' },
  { title: '备注 Note', kind: 'text' },
]

const KINDS = { opportunity: '商机', order: '订单', ticket: '服务单' } as const
const yuan = (cents: number) => cents / 100

/** A record as rows; an order has one for each of its lines. */
export function salesRow(record: SalesRecord): Cell[][] {
  const { content, cents } = record
  const head = [KINDS[content.kind], record.customer, record.person, content.title]
  const tail = [dueOf(content), record.visitDate, record.visitStatus, content.note]
  if (content.kind === 'order')
    return content.lines.map((line) => [
      ...head,
      '',
      yuan(Math.round(line.quantity * line.cents)),
      line.item,
      line.quantity,
      line.unit,
      yuan(line.cents),
      ...tail,
    ])
  const state = content.kind === 'opportunity' ? content.stage : content.status
  return [[...head, state, cents === null ? null : yuan(cents), '', null, '', null, ...tail]]
}

function dueOf(content: SalesContent): string | null {
  if (content.kind === 'opportunity') return content.closesOn
  return content.kind === 'ticket' ? content.dueOn : null
}
