import { Fault } from '../errors.ts'

/** A row of a file as text, with its number there, counted from 1. Cells that hold nothing are ''. */
export interface SheetRow {
  readonly line: number
  readonly cells: readonly string[]
}

/** What a file may have; beyond that it is refused, not cut. */
export interface SheetLimits {
  readonly rows: number
  readonly columns: number
  readonly text: number // characters of a cell
}

/** Rows come in batches, so that a long file is never held whole. */
export type SheetRows = AsyncGenerator<readonly SheetRow[], void, void>

export const noTable = () => new Fault('bad_input', 'file: this is neither an XLSX nor a CSV file')

/** Throws Fault where a row breaks a limit. */
export function checkRow({ line, cells }: SheetRow, limits: SheetLimits): void {
  if (cells.length > limits.columns)
    throw new Fault('bad_input', `file: line ${line} has more than ${limits.columns} columns`)
  if (cells.some((cell) => cell.length > limits.text))
    throw new Fault('bad_input', `file: line ${line} has a cell over ${limits.text} characters`)
}

export const tooManyRows = (most: number) =>
  new Fault('too_large', `file: more than ${most} rows; cut it in two`)
