import { expect, test } from 'vitest'
import { PERSONAL } from '../../backend/personal.ts'
import { zh } from '../../h5/messages/erasure.ts'

test('every table that an erasure goes through has a name that an admin understands', () => {
  const gone = PERSONAL.filter(({ erase }) => erase === 'now' || erase === 'proof')
  expect(Object.keys(zh.table).sort()).toEqual(gone.map(({ name }) => name).sort())
})
