import { onScopeDispose, shallowRef, type Ref } from 'vue'

/** Whether there is room for list and map beside each other; the same width as in day.css. */
export function useDesk(): Readonly<Ref<boolean>> {
  const wide = matchMedia('(min-width: 900px)')
  const desk = shallowRef(wide.matches)
  const listen = () => (desk.value = wide.matches)
  wide.addEventListener('change', listen)
  onScopeDispose(() => wide.removeEventListener('change', listen))
  return desk
}
