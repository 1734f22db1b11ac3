import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'

/** The inner height of an element in px, as it changes; 0 while there is none. */
export function useHeight(element: () => HTMLElement | null): Readonly<Ref<number>> {
  const height = shallowRef(0)
  const resized = new ResizeObserver(([entry]) => (height.value = entry?.contentRect.height ?? 0))
  watch(
    element,
    (now) => {
      resized.disconnect()
      height.value = now?.clientHeight ?? 0
      if (now !== null) resized.observe(now)
    },
    { flush: 'post', immediate: true },
  )
  onScopeDispose(() => resized.disconnect())
  return height
}
