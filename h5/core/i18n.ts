import { createI18n } from 'vue-i18n'
import * as core from '../messages/core.ts'
import { spoken, type Words } from '../messages/index.ts'

export type Language = 'zh-CN' | 'en'
const KEPT = 'zuji.language'

/** Chinese unless the person chose English; texts are `t('<feature>.<key>')`. */
export const i18n = createI18n<[Words], Language, false>({
  legacy: false,
  locale: chosen(),
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': { core: core.zh }, en: { core: core.en } },
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

const loading = new Map<string, Promise<void>>()

/** Resolves when the words of these features are there. Rejects when they can not be fetched now. */
export async function loadWords(features: readonly string[] = []): Promise<void> {
  await Promise.all(features.map(wordsOf))
}

function wordsOf(feature: string): Promise<void> {
  const under = loading.get(feature) ?? fetchWords(feature)
  loading.set(feature, under)
  under.catch(() => loading.delete(feature))
  return under
}

async function fetchWords(feature: string): Promise<void> {
  const words = await spoken[feature]?.()
  if (!words) throw new Error(`no words are kept for ${feature}`)
  i18n.global.mergeLocaleMessage('zh-CN', { [feature]: words.zh })
  i18n.global.mergeLocaleMessage('en', { [feature]: words.en })
}
