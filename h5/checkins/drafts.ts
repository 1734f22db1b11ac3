import { onScopeDispose, toRaw, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { FormAnswers } from '../../backend/contract/checkins.ts'
import { marked } from './photo.ts'
import { useSession } from '../core/session.ts'
import type { ShelvedPhoto } from './shelf.ts'
import { useOutbox } from './store.ts'

export interface TakenPhoto {
  id: string
  url: string // of the picture on this phone with its watermark, or at the server
}

/** What is said with a check-in that is not made yet. */
export interface Said {
  draft: { note: string; answers: FormAnswers['answers'] }
  photos: ShallowRef<TakenPhoto[]>
}

/**
 * Keeps what is said on the phone, photos too, under the act and the place: it survives a reload and a
 * page that is killed. Words follow to another place that is chosen meanwhile; what is kept for a place
 * comes back when nothing was said yet.
 */
export function useDrafts(key: ComputedRef<string>, { draft, photos }: Said) {
  const outbox = useOutbox()
  const personId = useSession().me?.id ?? ''
  let done = false

  const isEmpty = () =>
    draft.note === '' && Object.keys(draft.answers).length === 0 && photos.value.length === 0

  async function restore(from: string): Promise<void> {
    const { draft: kept, photos: pictures } = await outbox.draftOf(from)
    const taken = await Promise.all(
      (kept?.photoIds ?? []).map((id) => shown(personId, id, pictures)),
    )
    if (kept === null || from !== key.value || !isEmpty() || done) return
    Object.assign(draft, { note: kept.note, answers: kept.answers })
    photos.value = taken
  }

  async function keep(): Promise<void> {
    if (done) return
    const { note, answers } = toRaw(draft)
    const photoIds = photos.value.map(({ id }) => id)
    const said = { note, answers: structuredClone(toRaw(answers)), photoIds }
    await outbox.keepDraft(key.value, isEmpty() ? null : said)
  }

  watch(
    key,
    async (now, before) => {
      if (isEmpty()) return restore(now)
      if (before !== undefined) await outbox.keepDraft(before, null)
      return keep()
    },
    { immediate: true },
  )
  watch([draft, photos], () => void keep(), { deep: true })
  onScopeDispose(() => photos.value.forEach(({ url }) => URL.revokeObjectURL(url)))

  /** It became a check-in: nothing of it is a draft any more. */
  async function finish(): Promise<void> {
    done = true
    await outbox.keepDraft(key.value, null)
  }
  return { finish }
}

/** As it is on this phone; one taken by the app's camera is at the server only. */
async function shown(
  personId: string,
  id: string,
  pictures: readonly ShelvedPhoto[],
): Promise<TakenPhoto> {
  const here = pictures.find((picture) => picture.id === id)
  if (!here) return { id, url: `/api/v1/people/${encodeURIComponent(personId)}/photos/${id}?size=thumb` } // prettier-ignore
  const { blob, mark } = here
  return { id, url: URL.createObjectURL(mark ? await marked(blob, mark) : blob) }
}
