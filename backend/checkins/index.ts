import type { Feature, Kit } from '../core/kit.ts'
import { createCalls } from './calls.ts'
import { photoRoutes } from './photos/index.ts'
import { createRecord } from './record.ts'
import { createRescore } from './rescore.ts'
import { checkinRoutes } from './routes.ts'

export { noteAnswer, type CustomerAnswer } from './answers.ts'
export type { Break } from './chain.ts'
export { listFiled, type FiledCheckin } from './filed.ts'
export { listCheckins, type CheckinRange, type ListedCheckin } from './list.ts'
export { createKeep as createPhotoKeep } from './photos/index.ts'
export { createRescore } from './rescore.ts'
export { faultOfForm, formOfVisit, listOwnPhotos } from './visitForm.ts'
export { chainHead, verifyChain, type VerifiedChain } from './verify.ts'

/** Check-ins, check-outs and punches with their photos, evidence and reviews. */
export function createCheckins(kit: Kit): Feature {
  const calls = createCalls(kit)
  return {
    routes: [...photoRoutes(kit), ...checkinRoutes({ kit, record: createRecord(kit) })],
    chores: [createRescore(kit).chore, calls.chore],
    close: async () => calls.close(),
  }
}
