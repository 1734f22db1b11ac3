import { expect, test } from 'vitest'
import { byAccount } from '../../backend/attendance/columns.ts'

test('an account is whose the directory says it is now, else whose it was, in any spelling', () => {
  const people = [
    { id: 'zs-2', userId: 'ZhangSan' }, // got the account that another had before
    { id: 'zhangsan', userId: 'san.zhang' },
  ]
  for (const order of [people, [...people].reverse()]) {
    const known = byAccount(order, (each) => each)
    expect(known.get('zhangsan')?.id).toBe('zs-2')
    expect(known.get('san.zhang')?.id).toBe('zhangsan')
    expect(known.get('zs-2')?.id).toBe('zs-2')
  }
})
