/** Formats that Excel has by itself and that show dates (ECMA-376 part 1, 18.8.30, also the Chinese ones). */
const BUILT_IN = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58])

/** Whether a number format shows a date. */
export function isDateFormat(id: string, code: string | undefined): boolean {
  if (code === undefined) return BUILT_IN.has(Number(id))
  const bare = code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '')
  return /[yd]/i.test(bare)
}

const DAY_S = 86_400
const EPOCH_1900 = 25_569 // days before 1970; Excel counts a 29 February 1900
const EPOCH_1904 = 24_107
const LAST_DAY = 2_958_465 // 31 December 9999

/** A number as text without the tail of binary fractions; a date as YYYY-MM-DD, with a time of day as YYYY-MM-DD HH:MM:SS. */
export function textOfNumber(value: string, isDate: boolean, from1904: boolean): string {
  const number = Number(value)
  if (value === '' || !Number.isFinite(number)) return value
  if (!isDate || number < 1 || number > LAST_DAY) return plainNumber(number)
  const days = number - (from1904 ? EPOCH_1904 : EPOCH_1900)
  const moment = new Date(Math.round(days * DAY_S) * 1000).toISOString()
  return moment.endsWith('T00:00:00.000Z')
    ? moment.slice(0, 10)
    : moment.slice(0, 19).replace('T', ' ')
}

/** Codes and phone numbers are numbers to Excel: never 1.39e+10. */
function plainNumber(number: number): string {
  const short = Number(number.toPrecision(15))
  return Number.isInteger(short) && Math.abs(short) < 1e21
    ? BigInt(short).toString()
    : String(short)
}
