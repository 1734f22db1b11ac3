import type { Day, Segment } from '../contract/days.ts'
import { escaped } from '../core/http/guard.ts'
import { clock, far, figuresOf, long, tableOf, type Content } from './html.ts'
import { dayMap } from './map.ts'

const REASONS: Record<string, string> = {
  page_closed: '页面已关闭',
  no_permission: '定位权限被关闭',
  gps_off: '手机定位未打开',
  no_network: '没有网络',
  unknown: '原因不明',
}

/** A rep's day: figures, the route, and every piece with its times. */
export function dayContent(name: string, day: Day): Content {
  const { totals, zone } = day
  const names = new Map(day.visits.map(({ customerId, name: customer }) => [customerId, customer]))
  let stays = 0
  const rows = day.segments.map((segment) => {
    if (segment.place) stays += 1
    const when = `${clock(segment.from, zone)}–${clock(segment.to, zone)}`
    const number = segment.place ? String(stays) : ''
    return [number, when, whatOf(segment, names), long((segment.to - segment.from) / 1000)]
  })
  const figures = [
    ['行驶', far(totals.movedMetres)],
    ['拜访客户', `${day.visits.length} 次`],
    ['停留', long(totals.staySeconds)],
    ['移动', long(totals.moveSeconds)],
    ['没有位置', long(totals.silentSeconds)],
    ['直线间隔（不计入）', far(totals.gapMetres)],
  ] as const
  return {
    title: `${escaped(name)} 的一天`,
    subtitle: day.date,
    body: `${figuresOf(figures)}${dayMap(day.segments)}${tableOf(['', '时间', '做什么', '多久'], rows)}`,
    wide: false,
    zone,
  }
}

function whatOf(segment: Segment, names: ReadonlyMap<string, string>): string {
  const said = segment.disputed === undefined ? '' : `（本人有异议：${segment.disputed}）`
  return `${kindOf(segment, placeOf(segment, names))}${said}`
}

const placeOf = ({ customerId, place }: Segment, names: ReadonlyMap<string, string>) =>
  names.get(customerId ?? '') ?? place?.name ?? '别的地方'

function kindOf({ kind, reason, metres }: Segment, place: string): string {
  const why = REASONS[reason ?? 'unknown'] ?? ''
  if (kind === 'stay') return `停留：${place}`
  if (kind === 'inferred_stay') return `推断停留：${place}（${why}）`
  return kind === 'move' ? `移动 ${far(metres ?? 0)}` : `没有位置（${why}）`
}
