/** Titles of tables that companies keep, in the words in use. */
export const ACCOUNT = /^(账号|帐号|工号|userid|user id|account)$/i
export const NAME = /^(姓名|name)$/i

/** People by what a file may call them: the id they keep, or what the directory calls them now, which goes first. */
export const byAccount = <Of>(
  people: readonly Of[],
  namesOf: (of: Of) => { id: string; userId: string },
): ReadonlyMap<string, Of> =>
  new Map(
    (['id', 'userId'] as const).flatMap((name) =>
      people.map((each) => [namesOf(each)[name].toLowerCase(), each] as const),
    ),
  )

export const columnOf = (titles: readonly string[], title: RegExp): number =>
  titles.findIndex((each) => title.test(each.trim()))
