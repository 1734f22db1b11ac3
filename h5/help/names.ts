/** The guides by the role they are for: the names of the files in `guides/<language>/`, and of their addresses. */
export const GUIDES = ['rep', 'supervisor', 'hr', 'admin'] as const
export type GuideName = (typeof GUIDES)[number]
