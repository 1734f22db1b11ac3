import type { BrowserContext } from 'playwright-core'
import { demoCompany } from '../../fixtures/company.ts'
import { SEEN_KEY } from '../../h5/first/seen.ts'

/** The demo's people have been here before: the cards of the first minute do not stand in a story's way. */
export async function haveSeenFirst(context: BrowserContext): Promise<void> {
  const everybody = JSON.stringify(demoCompany().people.map(({ id }) => id))
  await context.addInitScript(
    `if (location.protocol.startsWith('http')) localStorage.setItem('${SEEN_KEY}', '${everybody}')`,
  )
}
