import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { Fault } from '../core/errors.ts'

/**
 * Answers the lines of a file one by one, as they come, each by one line on standard output. A line
 * that can not be answered costs only itself: what is wrong with it goes to standard error as
 * `line N: field: rule`, and the process ends with 1. Empty lines are passed over.
 * @param file a path, or `-` for standard input.
 * @throws Fault when the file can not be read.
 */
export async function answerLines(file: string, answer: (line: string) => string): Promise<void> {
  const lines = createInterface({ input: await opened(file), crlfDelay: Infinity })
  await answerTexts('line', lines, answer)
}

/** The same for texts that have been read already; `unit` is what one of them is called. */
export async function answerTexts(
  unit: string,
  texts: AsyncIterable<string> | Iterable<string>,
  answer: (text: string) => string,
): Promise<void> {
  process.stdout.on('error', endQuietly)
  let number = 0
  for await (const line of texts) {
    number++
    const text = number === 1 ? line.replace(/^\uFEFF/, '') : line
    if (text.trim() === '') continue
    try {
      await print(answer(text))
    } catch (error) {
      console.error(`${unit} ${number}: ${sentenceOf(error)}`)
      process.exitCode = 1
    }
  }
}

async function opened(file: string) {
  if (file === '-') return process.stdin
  const handle = await open(file).catch(() => undefined)
  if (!handle || (await handle.stat()).isDirectory())
    throw new Fault('not_found', `${file} can not be read`)
  return handle.createReadStream()
}

async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
}

/** Nobody reads on (`| head`): no reason to speak of. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
}

function sentenceOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'is not JSON'
  if (!(error instanceof z.ZodError)) throw error
  const said = error.issues.slice(0, 3).map(clauseOf)
  const more = error.issues.length - said.length
  return said.join(' · ') + (more > 0 ? ` · and ${more} more` : '')
}

function clauseOf({ path, message, code }: z.core.$ZodIssue): string {
  const rule =
    code === 'invalid_union' && message === 'Invalid input' ? 'must be a number' : message
  return path.length > 0 ? `${fieldOf(path)}: ${rule}` : rule
}

/** fixes[3].lng */
const fieldOf = (path: readonly PropertyKey[]) =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
