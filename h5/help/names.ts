/** The guides by the role they are for, and the data map for everybody: the names of the files in `guides/<language>/`, and of their addresses. */
export const GUIDES = ['rep', 'supervisor', 'hr', 'admin', 'data'] as const
export type GuideName = (typeof GUIDES)[number]
