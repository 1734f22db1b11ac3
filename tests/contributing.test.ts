import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')

test('every file that CONTRIBUTING.md names is there', () => {
  const text = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8')
  const named =
    [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+)`/g), ...text.matchAll(/\]\(([\w./-]+)\)/g)] // prettier-ignore
      .map(([, file = '']) => file)
      .filter((file) => !file.includes('WORD'))
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([])
})
