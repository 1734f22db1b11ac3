export interface Words {
  [key: string]: string | Words
}

/** What a feature says, in both languages with the same keys. */
export interface Spoken {
  zh: Words
  en: Words
}

/**
 * One file a feature, `h5/messages/<feature>.ts`, exporting `zh` and `en`; a text is read as
 * `t('<feature>.<key>')`. Each is a chunk of its own, fetched with the first page that names it.
 */
export const spoken = Object.fromEntries(
  Object.entries(import.meta.glob<Spoken>(['./*.ts', '!./index.ts', '!./core.ts'])).map(
    ([path, load]) => [path.slice('./'.length, -'.ts'.length), load],
  ),
)
