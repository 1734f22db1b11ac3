/**
 * Work that many ask for at once is done for all of them together, and begun after the last of them has asked: what
 * is under way already may have looked too early, so who comes meanwhile waits for the next time.
 */
export function createTogether<T>() {
  const running = new Map<string, Promise<unknown>>()
  const waiting = new Map<string, Promise<T>>()
  return (key: string, work: () => Promise<T>): Promise<T> => {
    const known = waiting.get(key)
    if (known) return known
    const before = running.get(key) ?? Promise.resolve()
    const next = before
      .catch(() => undefined)
      .then(() => {
        waiting.delete(key)
        running.set(key, next)
        return work()
      })
      .finally(() => {
        if (running.get(key) === next) running.delete(key)
      })
    waiting.set(key, next)
    return next
  }
}
