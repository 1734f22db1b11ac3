import { escaped } from '../core/http/guard.ts'

/** One report as parts of a page: all of it escaped already. */
export interface Content {
  title: string
  subtitle: string
  body: string
  wide: boolean // printed across
  zone: string // IANA, of the times in it
}

/** A table whose first column names the rows. @param rows texts that are not escaped yet */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: 'td' | 'th') =>
    row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('')
  return `<table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>${body}</tbody></table>`
}

/** Figures under their names. */
export const figuresOf = (figures: readonly (readonly [name: string, value: string])[]) =>
  `<dl>${figures.map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`).join('')}</dl>`

/** 1.2 公里, or 340 米 below one. */
export const far = (metres: number) =>
  metres < 1000 ? `${Math.round(metres)} 米` : `${(metres / 1000).toFixed(1)} 公里`

/** 2 小时 5 分 */
export function long(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  const hours = Math.floor(minutes / 60)
  return hours === 0 ? `${minutes} 分` : `${hours} 小时 ${minutes % 60} 分`
}

/** The wall clock of a moment, HH:MM. */
export const clock = (at: number, timeZone: string) =>
  new Intl.DateTimeFormat('zh-CN', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)

/** A date with its wall clock. */
export const momentIn =
  (timeZone: string) =>
  (at: number): string =>
    new Intl.DateTimeFormat('zh-CN', { timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(at) // prettier-ignore
