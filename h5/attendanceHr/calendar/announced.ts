/** A year's holidays as an announcement tells them, in the shape that the calendar takes. */
export interface Announced {
  readonly off: [from: string, to: string, name: string][]
  readonly work: string[] // make-up workdays
}

const DAY_MS = 86_400_000
const LINE = /^[一二三四五六七八九十\d]*[、.．\s]*(.{1,12}?)[：:](.*?)放假(.*)$/
const DATE = /(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日/g
/** `2/6`, `2月6日`, `2/6-2/9` or `2/6-9`, in any company. */
const SHORT = /(\d{1,2})[月/.](\d{1,2})日?(?:\s*[-~—至到]\s*(?:(\d{1,2})[月/.])?(\d{1,2})日?)?/g

/**
 * Reads the announcement of the State Council as it is published, a holiday a line: 元旦：1月1日（周四）至3日（周六）放假，
 * 1月4日（周日）上班。 Lines of another form are passed over.
 */
export function announcedIn(text: string, year: number): Announced {
  const off: Announced['off'] = []
  const work: string[] = []
  for (const line of text.split(/\r?\n/)) {
    const [, name = '', before = '', after = ''] = LINE.exec(line.trim()) ?? []
    const span = datesIn(before, year)
    const [first] = span
    if (first === undefined) continue
    off.push([first, span.at(-1) ?? first, name.trim()])
    if (after.includes('上班')) work.push(...datesIn(after, year))
  }
  return { off, work: work.sort() }
}

/** Each date of a text; one without a year or month has those of the date before it. */
function datesIn(text: string, year: number): string[] {
  const known = { year, month: 1 }
  return [...text.replaceAll(/[（(][^）)]*[）)]/g, '').matchAll(DATE)].map((match) => {
    if (match[1] !== undefined) known.year = Number(match[1])
    else if (known.month === 12 && match[2] === '1') known.year++
    if (match[2] !== undefined) known.month = Number(match[2])
    return dateOf(known.year, known.month, Number(match[3]))
  })
}

/** The days that are paid threefold, told shortly: `1/1 2/16-19 10/1-10/3`. */
export const daysIn = (text: string, year: number): string[] =>
  [...text.matchAll(SHORT)].flatMap(([, month = '', day = '', toMonth = month, toDay = day]) =>
    between(dateOf(year, Number(month), Number(day)), dateOf(year, Number(toMonth), Number(toDay))),
  )

const dateOf = (year: number, month: number, day: number) =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`

function between(from: string, to: string): string[] {
  const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1
  if (!(days > 0 && days < 32)) return [from]
  return Array.from({ length: days }, (_, index) => new Date(Date.parse(from) + index * DAY_MS).toISOString().slice(0, 10)) // prettier-ignore
}
