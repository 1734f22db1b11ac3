import { onScopeDispose, readonly, shallowRef, type Ref } from 'vue'

/** The phone's clock as a ref, epoch ms, renewed every `everyMs` while the scope lives. */
export function useNow(everyMs = 1000): Readonly<Ref<number>> {
  const now = shallowRef(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), everyMs)
  onScopeDispose(() => clearInterval(timer))
  return readonly(now)
}

/** Whether the browser believes to have a network. */
export function useOnline(): Readonly<Ref<boolean>> {
  const online = shallowRef(navigator.onLine)
  const listen = () => (online.value = navigator.onLine)
  addEventListener('online', listen)
  addEventListener('offline', listen)
  onScopeDispose(() => {
    removeEventListener('online', listen)
    removeEventListener('offline', listen)
  })
  return readonly(online)
}
