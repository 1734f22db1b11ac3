import { demoCompany } from '../../fixtures/company.ts'
import { createWecomSim, type WecomSim } from '../../fixtures/wecom-sim/index.ts'
import { systemClock } from '../core/clock.ts'
import type { Config } from '../core/config.ts'

/** The WeCom simulator with the demo company's people, under /wecom-sim of our own address. */
export function simulatorOf(config: Config): WecomSim {
  const company = demoCompany()
  return createWecomSim({
    corpId: 'ww0000000000000001',
    agentId: '1000002',
    secret: 'simulator',
    people: company.people,
    departments: company.departments,
    clock: systemClock,
    publicBase: `${config.publicUrl}/wecom-sim`,
    trustedHosts: [new URL(config.publicUrl).host],
  })
}
