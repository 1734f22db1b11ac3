import { expect, test } from 'vitest'
import { createTogether } from '../../backend/live/together.ts'

/** Work whose ends are in the test's hand. */
function works() {
  const ends: ((value: number) => void)[] = []
  return { ends, work: () => new Promise<number>((resolve) => ends.push(resolve)) }
}
const breathe = () => new Promise((resolve) => setImmediate(resolve))

test('who asks while work is under way waits for one that begins after, together with the others', async () => {
  const together = createTogether<number>()
  const { ends, work } = works()
  const first = together('a', work)
  await breathe()
  const late = [together('a', work), together('a', work)]
  await breathe()
  expect(ends).toHaveLength(1)
  ends[0]?.(1)
  expect(await first).toBe(1)
  await breathe()
  expect(ends).toHaveLength(2)
  ends[1]?.(2)
  expect(await Promise.all(late)).toEqual([2, 2])
  const again = together('a', work)
  await breathe()
  ends[2]?.(3)
  expect(await again).toBe(3)
})

test('what others ask for goes on by itself, and what fails fails for those who asked', async () => {
  const together = createTogether<number>()
  const { ends, work } = works()
  const failing = together('a', () => Promise.reject(new Error('down')))
  const other = together('b', work)
  await expect(failing).rejects.toThrow('down')
  ends[0]?.(7)
  expect(await other).toBe(7)
  expect(await together('a', () => Promise.resolve(8))).toBe(8)
})
