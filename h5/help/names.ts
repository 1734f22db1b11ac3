/** The guides by the role they are for, and the data map for everybody: the names of the files in `guides/<language>/`, and of their addresses. */
export const GUIDES = ['rep', 'supervisor', 'hr', 'admin', 'data'] as const

/** What can be read under /help: beside them CONTRIBUTING.md as it is, in English. */
export const TEXTS = [...GUIDES, 'developer'] as const
export type GuideName = (typeof TEXTS)[number]
