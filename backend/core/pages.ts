/** Where a page of a list by time begins: rows of the same moment are told apart by their keys, so none is skipped. */
export interface Before {
  at: number // epoch ms
  key: string // of the row that came last; empty: rows before the moment alone
}

/** `next` of a page that may have another one after it; null: it was the last. */
export const pageEnd = <Row>(page: readonly Row[], most: number, of: (row: Row) => Before) => {
  const last = page.at(-1)
  if (!last || page.length < most) return null
  const { at, key } = of(last)
  return `${at}.${key}`
}

/** What a `PageEnd` says; without one the page begins with what is older than `otherwise`. */
export function beforeOf(text: string | undefined, otherwise: number): Before {
  const [at, key = ''] = text?.split('.') ?? []
  return { at: at === undefined ? otherwise : Number(at), key }
}
