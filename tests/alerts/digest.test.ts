import { describe, expect, test } from 'vitest'
import { nextHour } from '../../backend/alerts/digest/hours.ts'
import { digestOf } from '../../backend/alerts/digest/tell.ts'

describe('the next hour of a digest', () => {
  const at = (text: string) => Date.parse(text)
  test('is a later one of today, else the first of tomorrow, by the person’s clock', () => {
    const hours = ['17:30', '12:00']
    const next = (text: string) =>
      new Date(nextHour(at(text), 'Asia/Shanghai', hours)).toISOString()
    expect(next('2026-11-23T03:59:59Z')).toBe('2026-11-23T04:00:00.000Z')
    expect(next('2026-11-23T04:00:00Z')).toBe('2026-11-23T09:30:00.000Z')
    expect(next('2026-11-23T09:30:00Z')).toBe('2026-11-24T04:00:00.000Z')
    expect(next('2026-11-23T17:00:00Z')).toBe('2026-11-24T04:00:00.000Z')
  })
})

test('a digest has a line for each kind, and a few names in each', () => {
  const silent = ['甲', '乙', '丙', '丁', '戊', '己'].map((name) => ({
    kind: 'silent' as const,
    name,
  }))
  expect(digestOf([{ kind: 'late', name: '庚' }, ...silent])).toBe(
    '未按时打卡 Late 1：庚\n失去联系 Silent 6：甲、乙、丙、丁、戊 +1',
  )
})
