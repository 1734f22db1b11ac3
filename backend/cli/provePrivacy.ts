import { COMPANIES, LOG, LOOKS } from './prove/looks.ts'
import { Broken, CONSENT, ON_DUTY, type Promised } from './prove/promises.ts'
import { RETENTION, RIGHTS } from './prove/rights.ts'
import { openStage, type Stage } from './prove/stage.ts'

/** In this order: each goes on from the company that the ones before left. */
const PROMISES: readonly Promised[] = [
  ...CONSENT,
  ...ON_DUTY,
  ...LOOKS,
  ...COMPANIES,
  ...RIGHTS,
  ...RETENTION,
  ...LOG,
]

export interface Proven {
  promise: string
  proof: string
  ok: boolean
}

/** Every promise of privacy, each tried on a server of its own that is thrown away. */
export async function provePrivacy(root: string, promises = PROMISES): Promise<Proven[]> {
  const stage = await openStage(root)
  try {
    const proven: Proven[] = []
    for (const { promise, proof } of promises) proven.push({ promise, ...(await tried(stage, proof)) }) // prettier-ignore
    return proven
  } finally {
    await stage.close()
  }
}

async function tried(stage: Stage, proof: Promised['proof']) {
  try {
    return { proof: await proof(stage), ok: true }
  } catch (error) {
    if (error instanceof Broken) return { proof: error.message, ok: false }
    return { proof: `could not be tried: ${String(error)}`, ok: false }
  }
}

/** `prove-privacy`: a line for each promise; the process ends with 1 when one is not kept. Needs no configuration. */
export async function provePrivacyCommand(root: string): Promise<void> {
  const proven = await provePrivacy(root)
  for (const { promise, proof, ok } of proven) console.log(`${ok ? 'ok    ' : 'BROKEN'}  ${promise}\n          ${proof}`) // prettier-ignore
  const broken = proven.filter(({ ok }) => !ok).length
  console.log(`${proven.length} promises, ${broken} broken`)
  if (broken > 0) process.exitCode = 1
}
