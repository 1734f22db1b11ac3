import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Fault } from '../errors.ts'

const MOST_STRINGS = 3_000_000
const MOST_LETTERS = 60_000_000 // of all shared strings together
const PAGE = 64 // strings read at once
const HELD_PAGES = 256 // the last ones asked for; a sheet asks for its strings nearly in order

/**
 * The shared strings of a workbook, by number. They are laid down in a nameless file and read back by the page,
 * because Excel puts every text of a sheet here and a long sheet has hundreds of thousands.
 */
export class SharedStrings {
  private waiting: string[] = []
  private readonly starts: number[] = [0] // where each page begins, and where the last one ends
  private readonly held = new Map<number, readonly string[]>()
  private letters = 0
  private file: number | null = null

  /** Throws Fault `too_large` when there are too many. */
  add(text: string): void {
    this.letters += text.length
    const count = this.pages * PAGE + this.waiting.push(text)
    if (count > MOST_STRINGS || this.letters > MOST_LETTERS)
      throw new Fault('too_large', 'file: it holds too much text')
    if (this.waiting.length === PAGE) this.layDown()
  }

  /** '' for a number that none has. */
  at(number: number): string {
    const page = Math.floor(number / PAGE)
    const strings = page === this.pages ? this.waiting : this.pageAt(page)
    return strings[number % PAGE] ?? ''
  }

  close(): void {
    if (this.file !== null) closeSync(this.file)
    this.file = null
  }

  private get pages(): number {
    return this.starts.length - 1
  }

  private layDown(): void {
    this.file ??= nameless()
    const from = this.starts[this.pages] ?? 0
    const bytes = Buffer.from(JSON.stringify(this.waiting))
    writeSync(this.file, bytes, 0, bytes.length, from)
    this.starts.push(from + bytes.length)
    this.waiting = []
  }

  private pageAt(page: number): readonly string[] {
    const before = this.held.get(page)
    if (before) return before
    const [from, to] = [this.starts[page], this.starts[page + 1]]
    if (this.file === null || from === undefined || to === undefined) return []
    const bytes = Buffer.alloc(to - from)
    readSync(this.file, bytes, 0, bytes.length, from)
    const strings: readonly string[] = JSON.parse(bytes.toString())
    const [oldest] = this.held.keys()
    if (oldest !== undefined && this.held.size === HELD_PAGES) this.held.delete(oldest)
    this.held.set(page, strings)
    return strings
  }
}

/** A file that is gone when it is closed, or with the process. */
function nameless(): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'zuji-strings-'))
  try {
    return openSync(path.join(folder, 'strings'), 'wx+', 0o600)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
