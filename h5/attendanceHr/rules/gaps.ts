/**
 * Rules as sentences with gaps to fill in. A sentence is `hrRules.say.<key>`; each gap names the place in
 * the rules that it stands for, and the same sentence with its gaps filled is how a rule is read.
 */
export interface Field {
  /** `many`: some of the options; `turns`: shifts of a rotation as letters; `list`: words between commas. */
  readonly kind:
    'number' | 'optional' | 'time' | 'text' | 'date' | 'choice' | 'many' | 'turns' | 'list'
  readonly path: string
  /** Of a choice: word list `hrRules.<list>`, and what may be chosen. */
  readonly list?: string
  readonly options?: readonly string[]
  /** Where the value stands that holds when this one is left out. */
  readonly like?: string
}

export interface Sentence {
  readonly key: string
  readonly fields: Readonly<Record<string, Field>>
  /** Gaps that are no fields, with the key of their words. */
  readonly said?: Readonly<Record<string, string>>
  /** The list that this is an item of: it can be taken away. */
  readonly item?: string
}

export const number = (path: string): Field => ({ kind: 'number', path })
export const optional = (path: string, like?: string): Field => ({ kind: 'optional', path, ...(like !== undefined && { like }) }) // prettier-ignore
export const time = (path: string): Field => ({ kind: 'time', path })
export const date = (path: string): Field => ({ kind: 'date', path })
export const text = (path: string): Field => ({ kind: 'text', path })
export const choice = (path: string, list: string, options: readonly string[]): Field => ({ kind: 'choice', path, list, options }) // prettier-ignore
export const many = (path: string, list: string, options: readonly string[]): Field => ({ kind: 'many', path, list, options }) // prettier-ignore

/** Shifts to choose from are named by the rules themselves, not by a word list. */
export const SHIFTS = 'shifts'
export const YES = ['true', 'false']

export const lateSentence = (key: string, path: string): Sentence => ({
  ...{ key, item: path },
  fields: { out: number(`${path}.outAfterMin`), late: number(`${path}.lateMin`) },
})
