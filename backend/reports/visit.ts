import type { VisitPage } from '../contract/visits.ts'
import { escaped } from '../core/http/guard.ts'
import { figuresOf, long, momentIn, type Content } from './html.ts'

const STATUSES: Record<VisitPage['visit']['status'], string> = {
  planned: '还没有到',
  done: '按计划拜访',
  unplanned: '计划外拜访',
  missed: '没有去',
  unlogged: '有停留，没有签到',
  unproven: '有签到，没有停留',
}

/** The proof of one visit, for the customer: who, where, when, what was agreed, and whether the customer confirmed it. */
export function visitContent(page: VisitPage, zone: string): Content {
  const { visit, address, goal, entries, steps } = page
  const moment = momentIn(zone)
  const figures = [
    ['拜访人', visit.person],
    ['客户', visit.customer],
    ['地址', address ?? '—'],
    ['到达', visit.from === null ? '—' : moment(visit.from)],
    ['离开', visit.to === null ? '—' : moment(visit.to)],
    ['停留', long(visit.staySeconds)],
    ['结果', STATUSES[visit.status]],
    ['客户确认', confirmed(visit)],
  ] as const
  const notes = entries.flatMap((entry) => (entry.kind === 'note' ? [entry.text] : []))
  const todo = steps.map(({ text, dueAt }) => `${text}（${moment(dueAt)} 前）`)
  return {
    title: `拜访证明：${escaped(visit.customer)}`,
    subtitle: visit.date,
    body: [figuresOf(figures), listOf('目的', goal ? [goal] : []), listOf('记录', notes), listOf('后续', todo)].join(''), // prettier-ignore
    wide: false,
    zone,
  }
}

const listOf = (title: string, texts: readonly string[]) =>
  texts.length === 0
    ? ''
    : `<h2>${title}</h2><ul>${texts.map((text) => `<li>${escaped(text)}</li>`).join('')}</ul>`

function confirmed({ customerConfirmed, rating }: VisitPage['visit']): string {
  if (customerConfirmed === null) return '尚未'
  const stars = rating === null ? '' : `，${rating} / 5 分`
  return customerConfirmed ? `已确认${stars}` : '客户说没有来过'
}
