export interface Words {
  [key: string]: string | Words
}

/**
 * One file a feature, `h5/messages/<feature>.ts`, exporting `zh` and `en` with the same keys;
 * a text is read as `t('<feature>.<key>')`.
 */
const features = import.meta.glob<{ zh: Words; en: Words }>(['./*.ts', '!./index.ts'], {
  eager: true,
})

export const messages = { 'zh-CN': wordsIn('zh'), en: wordsIn('en') }

function wordsIn(language: 'zh' | 'en'): Words {
  const words: Words = {}
  for (const [path, feature] of Object.entries(features)) {
    words[path.slice('./'.length, -'.ts'.length)] = feature[language]
  }
  return words
}
