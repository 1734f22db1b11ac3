/** What an import could not say in our rules as WeCom says it. Pages word it as `checkinImport.note.<code>`. */
export type NoteCode =
  | 'no_times' // a rule of fixed hours without hours
  | 'seconds_dropped' // a time that is no whole minute
  | 'flex_sections' // flexible by more than the first or the last section lasts: cut to it
  | 'out_range' // 2 is said to mean two things
  | 'overtime_rest' // rests within overtime that say neither times nor lengths
  | 'unknown_member' // whom the rule names and we do not know
  | 'unfit' // our rules refuse it: field and rule

export interface Note {
  code: NoteCode
  values: Record<string, string | number>
}

export const note = (code: NoteCode, values: Note['values'] = {}): Note => ({ code, values })
