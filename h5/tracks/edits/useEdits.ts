import { computed, shallowRef, watch, type Ref } from 'vue'
import { v7 } from 'uuid'
import { Day, type RecordedEdit } from '../../../backend/contract/days.ts'
import { call, codeOf, type FailureCode } from '../../core/api.ts'
import { actsOf, indexAt, type Act } from './changes.ts'
import { editOf, keepDrafts, keptDrafts, newDraft, withdrawal, type Draft } from './draft.ts'
import type { WhichDay } from '../day/useDay.ts'

export interface EditsInput {
  readonly which: () => WhichDay
  readonly day: () => Day | null
  readonly saved: (day: Day, draft: Draft) => void
}

/**
 * What the person is about to say of his own day. Nothing is shown as changed before the server has
 * said so: a day is worked out as a whole, and a guess taken back would look like a change undone.
 * What was typed stays on the phone until it is saved or discarded.
 */
export function useEdits(input: EditsInput) {
  const form = useDrafts(input)
  const { draft, index, pieceOf } = form
  const edit = computed(() => {
    const day = input.day()
    return draft.value === null || day === null ? null : editOf(draft.value, day, index.value)
  })

  function begin(act: Act, piece: number): void {
    const day = input.day()
    if (day === null) return
    const begun = form.kept.value.find((each) => each.act === act && pieceOf(each) === piece)
    form.open(begun ?? newDraft(day, piece, { act, id: v7() }))
  }
  /** Takes an edit back, also one that fits no piece any more. */
  function undo(made: RecordedEdit): void {
    const at = made.kind === 'merge' || made.kind === 'withdraw' ? made.madeAt : made.at
    form.open(withdrawal(made.id, { at, id: v7() }))
  }
  /** Whether a draft still has a piece to be about. */
  function fits(each: Draft): boolean {
    const [day, piece] = [input.day(), pieceOf(each)]
    if (day === null || each.act === 'withdraw') return day !== null
    return piece !== null && actsOf(day, piece).includes(each.act)
  }
  const saving = shallowRef(false)
  async function save(): Promise<void> {
    if (draft.value === null || edit.value === null || saving.value) return
    saving.value = true
    form.hold({ ...draft.value, sent: true }, draft.value.id) // on the phone before it is on its way
    form.failure.value = await sent(input, { draft: draft.value, edit: edit.value }, form.discard)
    saving.value = false
  }

  return { ...form, edit, saving, begin, undo, fits, save }
}

/** @returns why it was not saved, null when it was */
async function sent(
  { which, saved }: EditsInput,
  { draft, edit }: { draft: Draft; edit: unknown },
  discard: (draft: Draft) => void,
): Promise<FailureCode | null> {
  const { personId, date } = which()
  const isStill = () => which().personId === personId && which().date === date
  try {
    const path = `/api/v1/people/${encodeURIComponent(personId)}/days/${date}/edits`
    const answer = await call(Day, path, { body: edit })
    if (isStill()) {
      discard(draft)
      saved(answer, draft)
      return null
    }
    const rest = keptDrafts({ personId, date }).filter(({ id }) => id !== draft.id)
    keepDrafts({ personId, date }, rest)
    return null
  } catch (error) {
    return isStill() ? codeOf(error) : null
  }
}

/** The open form, and what else was begun on this day. */
function useDrafts({ which, day }: EditsInput) {
  const kept = shallowRef<Draft[]>([])
  const draft = shallowRef<Draft | null>(null) // in the open form
  const failure: Ref<FailureCode | null> = shallowRef(null)

  function open(next: Draft | null): void {
    draft.value = next
    failure.value = null
  }
  function keep(drafts: Draft[]): void {
    kept.value = drafts
    keepDrafts(which(), drafts)
  }
  function hold(next: Draft, replaced: string): void {
    draft.value = next
    keep([...kept.value.filter(({ id }) => id !== replaced), next])
  }
  /** Other words after an attempt are another edit: the first may have arrived. */
  function change(next: Draft): void {
    hold(next.sent ? { ...next, id: v7(), sent: false } : next, next.id)
  }
  function discard(each: Draft): void {
    keep(kept.value.filter(({ id }) => id !== each.id))
    if (draft.value?.id === each.id) open(null)
  }

  watch(
    () => [which().personId, which().date],
    () => {
      open(null)
      kept.value = keptDrafts(which())
    },
    { immediate: true },
  )
  const pieceOf = ({ at }: Draft) => indexAt(day()?.segments ?? [], at)
  const index = computed(() => (draft.value === null ? null : pieceOf(draft.value)))
  const waiting = computed(() => kept.value.filter(({ id }) => id !== draft.value?.id))
  const close = () => open(null)
  return { kept, draft, failure, index, waiting, pieceOf, open, close, hold, change, discard }
}
