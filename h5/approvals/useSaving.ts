import { shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useFaults } from '../ui/useFaults.ts'

/** Saves a setting and says what became of it: a rule that is broken with its field. */
export function useSaving(saved = 'approvalSettings.saved') {
  const { t } = useI18n()
  const { failureSaid } = useFaults()
  const busy = shallowRef(false)
  const said = shallowRef('')

  async function saving(work: () => Promise<void>): Promise<void> {
    busy.value = true
    said.value = ''
    try {
      await work()
      said.value = t(saved)
    } catch (error) {
      said.value = failureSaid(error)
    }
    busy.value = false
  }

  return { busy, said, saving }
}
