import { createI18n } from 'vue-i18n'
import { messages, type Words } from '../messages/index.ts'

export type Language = 'zh-CN' | 'en'
const KEPT = 'zuji.language'

/** Chinese unless the person chose English; texts are `t('<feature>.<key>')`. */
export const i18n = createI18n<[Words], Language, false>({
  legacy: false,
  locale: chosen(),
  fallbackLocale: 'zh-CN',
  messages,
})

document.documentElement.lang = chosen()

export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEPT, language)
  document.documentElement.lang = language
  i18n.global.locale.value = language
}

export function languageNow(): Language {
  return i18n.global.locale.value
}

function chosen(): Language {
  return localStorage.getItem(KEPT) === 'en' ? 'en' : 'zh-CN'
}
