import path from 'node:path'
import { expect, test } from 'vitest'
import { provePrivacy } from '../backend/cli/provePrivacy.ts'
import { must, report, fix } from '../backend/cli/prove/promises.ts'
import { HERE, NOW } from '../backend/cli/prove/companies.ts'

const root = path.resolve(import.meta.dirname, '..')

test('every promise of privacy is kept, and says what was seen', async () => {
  const proven = await provePrivacy(root)
  expect(proven.filter(({ ok }) => !ok)).toEqual([])
  expect(proven.length).toBeGreaterThanOrEqual(16)
}, 600_000)

test('a promise that is not kept is told as broken, and one whose proof fails, too', async () => {
  const proven = await provePrivacy(root, [
    {
      promise: 'Everybody may be tracked',
      proof: async (stage) => {
        const { text } = await report(stage, 'rep1', [fix(NOW, HERE)])
        must(text.includes('"accepted":1'), `answered with ${text}`)
        return 'stored'
      },
    },
    { promise: 'Nothing breaks', proof: () => Promise.reject(new Error('no such table')) },
  ])
  expect(proven).toEqual([
    { promise: 'Everybody may be tracked', ok: false, proof: expect.stringMatching(/answered with .*no_consent/) }, // prettier-ignore
    { promise: 'Nothing breaks', ok: false, proof: 'could not be tried: Error: no such table' },
  ])
}, 300_000)
