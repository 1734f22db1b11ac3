import { shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { CallFailed, codeOf } from '../core/api.ts'

/** Saves a setting and says what became of it: a rule that is broken in the server's own words, which name the field. */
export function useSaving() {
  const { t } = useI18n()
  const busy = shallowRef(false)
  const said = shallowRef('')

  async function saving(work: () => Promise<void>): Promise<void> {
    busy.value = true
    said.value = ''
    try {
      await work()
      said.value = t('approvalSettings.saved')
    } catch (error) {
      const code = codeOf(error)
      said.value =
        code === 'bad_input' && error instanceof CallFailed
          ? error.message
          : t(`core.failed.${code}`)
    }
    busy.value = false
  }

  return { busy, said, saving }
}
