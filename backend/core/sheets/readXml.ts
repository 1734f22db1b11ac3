import type { Readable } from 'node:stream'
import { SaxesParser } from 'saxes'
import { broken } from './readZip.ts'

export type Attributes = Readonly<Record<string, string>>

export interface XmlEvents {
  /** Names without their prefixes. */
  open(name: string, attributes: Attributes): void
  close(name: string): void
  text(text: string): void
}

const MOST_QUIET = 4_000_000 // characters without a tag: no spreadsheet says so much at once

/**
 * Reads XML as it comes: entities of its own (DOCTYPE) are never expanded. Yields after each piece, so that the
 * caller may hand on what it has heard.
 * @throws Fault `bad_input`
 */
export async function* readXml(stream: Readable, events: XmlEvents): AsyncGenerator<void> {
  const parser = new SaxesParser()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let quiet = 0
  parser.on('opentag', (tag) => {
    quiet = 0
    events.open(plain(tag.name), textsOf(tag.attributes))
  })
  parser.on('closetag', (tag) => events.close(plain(tag.name)))
  parser.on('text', (text) => events.text(text))
  parser.on('cdata', (text) => events.text(text))
  parser.on('doctype', () => {
    throw broken()
  })
  parser.on('error', () => {
    throw broken()
  })
  try {
    for await (const chunk of stream) {
      const text = decoder.decode(chunk, { stream: true })
      quiet += text.length
      if (quiet > MOST_QUIET) throw broken()
      parser.write(text)
      yield
    }
    parser.close()
    yield
  } catch (error) {
    if (error instanceof Error && (error.name === 'Fault' || 'syscall' in error)) throw error
    throw broken()
  } finally {
    stream.destroy()
  }
}

const plain = (name: string) => name.slice(name.indexOf(':') + 1)

const textsOf = (attributes: Readonly<Record<string, unknown>>): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [plain(name), String(value)]),
  )
