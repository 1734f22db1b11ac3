/** Time as a dependency: rules take it as a value, only the edges read it. Epoch ms. */
export interface Clock {
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }
