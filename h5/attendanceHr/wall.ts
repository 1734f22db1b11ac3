/** What a clock in `zone` shows at `at`, as a field of date and time has it: YYYY-MM-DDTHH:MM. */
export function wallOf(at: number, zone: string): string {
  const parts = { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const // prettier-ignore
  return new Intl.DateTimeFormat('sv-SE', parts).format(at).replace(' ', 'T')
}

/** The moment at which a clock in `zone` shows `wall`; the later one of an hour that comes twice. NaN for no time. */
export function momentOf(wall: string, zone: string): number {
  const guess = Date.parse(`${wall}:00Z`)
  const off = (at: number) => Date.parse(`${wallOf(at, zone)}:00Z`) - at
  const first = guess - off(guess)
  return guess - off(first)
}
