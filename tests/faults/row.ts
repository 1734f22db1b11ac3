/** What a fault did, as a line of the table. */
export interface Row {
  fault: string
  seconds: number // that it lasted
  phonesHeard: string // instead of an answer; of WeCom: what the server heard from it
  acknowledgedAfter: number // s from healing; of WeCom: until every message had gone out
  viewsAfter: number // s from healing until map and payroll are those of a calm day; of WeCom: until each decided card says so
  broken: string // promises
}

export const secondsOf = (ms: number): number => Math.round(ms / 100) / 10
