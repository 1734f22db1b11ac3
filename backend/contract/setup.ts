import { z } from 'zod'
import { DemoLeft } from './demo.ts'

/** The steps from an empty company to its first check-in, in their order. */
export const FirstStep = z.enum([
  'company',
  'wecom',
  'people',
  'customers',
  'workplace',
  'shift',
  'checkin',
])
export type FirstStep = z.infer<typeof FirstStep>

/** How far a company has come. What is done is found in its data, never clicked. */
export const FirstSteps = z.object({
  steps: z.array(
    z.object({
      id: FirstStep,
      done: z.boolean(),
      count: z.int().min(0).nullable(), // of what the step is about, where it is counted; nothing of the demo
      skipped: z.boolean(), // an admin said that it is not needed
    }),
  ),
  demo: DemoLeft,
})
export type FirstSteps = z.infer<typeof FirstSteps>

export const StepSkip = z.strictObject({ step: FirstStep, skipped: z.boolean() })
