import { watch, type Ref } from 'vue'

const AGE = 7 * 86_400_000 // ms that a draft is kept

/**
 * Keeps unsaved input in the browser, so that it survives a reload.
 * @param read checks what was kept; null: it is of no use any more
 * @returns forgets it: it was saved, or is not wanted
 */
export function useDraft<T>(
  key: string,
  form: Ref<T>,
  read: (kept: unknown) => T | null,
): { restored: boolean; forget: () => void } {
  const name = `zuji.draft.${key}`
  const kept = keptOf(name)
  const found = kept === null ? null : read(kept)
  if (found !== null) form.value = found
  let gone = false
  watch(
    form,
    (value) => {
      if (!gone) localStorage.setItem(name, JSON.stringify({ at: Date.now(), value }))
    },
    { deep: true },
  )
  const forget = () => {
    gone = true
    localStorage.removeItem(name)
  }
  return { restored: found !== null, forget }
}

function keptOf(name: string): unknown {
  const text = localStorage.getItem(name)
  if (text === null) return null
  try {
    const kept: unknown = JSON.parse(text)
    if (typeof kept !== 'object' || kept === null) return null
    const at = Number(Reflect.get(kept, 'at'))
    return Date.now() - at < AGE ? Reflect.get(kept, 'value') : null
  } catch {
    return null
  }
}
