import { expect, test } from 'vitest'
import type { Move } from '../../backend/contract/live.ts'
import type { Viewer } from '../../backend/core/http/route.ts'
import { concerns, topicOf } from '../../backend/live/topic.ts'
import { canSeeTrack } from '../../backend/tracks/policy.ts'

const move: Move = {
  ...{ personId: 'rep3', lng: 114, lat: 22.5, at: 0, accuracy: 10, heading: null, battery: null },
  ...{ network: null, state: 'moving', since: null, customerId: null, customer: null },
}
const person = { id: 'rep3', departmentId: 'south', circles: ['@leadN', 'west'] }
const sighting = { ...person, move, dutyTo: 1, was: null }

test.each([
  ['his department', ['south'], true],
  ['another department of his', ['west'], true],
  ['his direct leader', ['north', '@leadN'], true],
  ['another leader', ['north', '@leadX'], false],
  ['nobody', [], false],
])('the live map and the track are for %s', (_, departments, seen) => {
  const viewer: Viewer = {
    ...{ orgId: 'o1', id: 'leadN', name: 'N', role: 'supervisor', session: 'browser' },
    ...{ departments, sessionHash: '' },
  }
  expect(concerns(topicOf('o1', departments, undefined), sighting)).toBe(seen)
  expect(canSeeTrack(viewer, person)).toBe(seen)
})
