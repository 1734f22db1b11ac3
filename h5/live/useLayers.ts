import { shallowRef, watch } from 'vue'
import { z } from 'zod'

const KEPT = 'zuji.live.layers'
const Layers = z.object({ customers: z.boolean(), territories: z.boolean(), whole: z.boolean() })
export type Layers = z.infer<typeof Layers>

/** What the live map shows beside people, as it was chosen last in this browser; `whole`: all of the chosen person's day. */
export function useLayers() {
  const layers = shallowRef<Layers>(kept())
  watch(layers, (chosen) => localStorage.setItem(KEPT, JSON.stringify(chosen)))
  return layers
}

function kept(): Layers {
  try {
    return Layers.parse(JSON.parse(localStorage.getItem(KEPT) ?? ''))
  } catch {
    return { customers: true, territories: false, whole: false }
  }
}
