/**
 * Keeps a word in the browser. A full phone and a private window may refuse, and nobody's work may stop at that.
 * @returns whether it is kept
 */
export function keepWord(key: string, text: string): boolean {
  try {
    localStorage.setItem(key, text)
    return true
  } catch {
    return false
  }
}
