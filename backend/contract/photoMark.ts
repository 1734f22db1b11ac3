/** What is burnt into the lower edge of a picture, a line each. */
export interface PhotoMark {
  readonly place: string
  readonly time: string
  readonly who: string // name, accuracy
}

/** What a mark is made of. */
export interface Marked {
  readonly at: number // epoch ms
  readonly zone: string // IANA
  readonly place: string | null
  readonly accuracy: number | null // metres
  readonly name: string
}

/** `2026-10-22 周四 15:28:07` and `林晓雯 · ±18 米`: the same on the phone and on the server. */
export function markOf({ at, zone, place, accuracy, name }: Marked): PhotoMark {
  const options = { timeZone: zone, hourCycle: 'h23', weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const // prettier-ignore
  const parts = new Intl.DateTimeFormat('zh-CN', options).formatToParts(at)
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  const date = `${part('year')}-${part('month')}-${part('day')}`
  return {
    place: place ?? '未登记的地点',
    time: `${date} ${part('weekday')} ${part('hour')}:${part('minute')}:${part('second')}`,
    who: accuracy === null ? name : `${name} · ±${Math.round(accuracy)} 米`,
  }
}

export const MARK_FONTS =
  "'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif"

/** Sizes of a mark on a picture so large, in its pixels. */
export function markSizes(width: number, height: number) {
  const size = Math.max(12, Math.round(Math.min(width, height) / 24)) // of the letters
  return { size, band: Math.min(height, Math.round(size * 4.9)), ems: width / size - 2 }
}

/** The lines of a mark with their baselines in ems below the band's upper edge, each cut to so many ems. */
export const markLines = ({ place, time, who }: PhotoMark, ems: number) =>
  [
    { text: fitted(place, ems), at: 1.5, weight: 700 },
    { text: fitted(time, ems), at: 2.95, weight: 400 },
    { text: fitted(who, ems), at: 4.35, weight: 400 },
  ] as const

/** Cut to so many ems; a letter outside of CJK is about half of one. */
function fitted(text: string, ems: number): string {
  let room = ems
  let kept = ''
  for (const letter of text) {
    room -= letter > '\u2e7f' ? 1 : 0.58
    if (room < 0) return `${kept}…`
    kept += letter
  }
  return kept
}
