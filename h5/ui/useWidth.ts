import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'

/** The width of an element in px, as it changes; 0 while there is none. */
export function useWidth(element: () => HTMLElement | null): Readonly<Ref<number>> {
  const width = shallowRef(0)
  const resized = new ResizeObserver(([entry]) => (width.value = entry?.contentRect.width ?? 0))
  watch(
    element,
    (now) => {
      resized.disconnect()
      width.value = now?.clientWidth ?? 0
      if (now !== null) resized.observe(now)
    },
    { flush: 'post', immediate: true },
  )
  onScopeDispose(() => resized.disconnect())
  return width
}
