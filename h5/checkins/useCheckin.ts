import { v7 as uuid } from 'uuid'
import { computed, reactive, shallowRef, toRaw, type ShallowRef } from 'vue'
import { useRoute } from 'vue-router'
import {
  DEFAULT_POLICY,
  type CheckinInput,
  type CheckinKind,
  type CheckinReply,
} from '../../backend/contract/checkins.ts'
import { openQuestions } from '../../backend/contract/forms.ts'
import { markOf } from '../../backend/contract/photoMark.ts'
import { CallFailed, issuesOf } from '../core/api.ts'
import { useSession } from '../core/session.ts'
import { deviceName } from './clock.ts'
import { useCheckinDesk } from './desk.ts'
import { useDrafts, type TakenPhoto } from './drafts.ts'
import { answersTo, formAt, type Answers } from './forms.ts'
import { useLocate } from './locate.ts'
import { marked, NoPicture, shrunk } from './photo.ts'
import { seenFrom, spotAt, type Spot } from './spots.ts'
import { useOutbox } from './store.ts'
import { useSpots } from './useSpots.ts'
import { useWifi } from './wifi.ts'

/** Where it is: the place that the address names, that was chosen, or that is the likeliest here. */
function usePlace(load: ReturnType<typeof useCheckinDesk>) {
  const route = useRoute()
  const located = useLocate()
  const named = typeof route.query['place'] === 'string' ? route.query['place'] : null
  const { spots, asked } = useSpots(located.position, load.desk, named)
  const chosen = shallowRef<Spot | null>(null)
  const newPlace = shallowRef('')
  const kind = computed(() => kindOf(route.query['kind']))
  const spot = computed(() => {
    if (chosen.value !== null || newPlace.value !== '') return chosen.value
    const wanted = spots.value.find(({ id }) => id === named)
    return wanted ?? spotAt(located.position.value, spots.value)
  })
  const seen = computed(() => seenFrom(located.position.value, spot.value))
  return { ...located, kind, spots, asked, chosen, newPlace, spot, seen }
}

/** What is said with it, and what of that is missing yet. */
function useSaid({ desk }: ReturnType<typeof useCheckinDesk>, place: ReturnType<typeof usePlace>) {
  const photos = shallowRef<TakenPhoto[]>([])
  const draft = reactive<{ note: string; answers: Answers }>({
    note: '',
    answers: {},
  })
  const policy = computed(() => desk.value?.policy ?? DEFAULT_POLICY)
  const form = computed(() => formAt(desk.value?.forms ?? [], place.kind.value, place.spot.value))
  const needsPhoto = computed(
    () =>
      policy.value.photo === 'required' &&
      place.kind.value !== 'punch' &&
      photos.value.length === 0,
  )
  const needsNote = computed(
    () =>
      place.seen.value.where === 'outside' &&
      policy.value.outside !== 'reject' &&
      policy.value.note === 'required' &&
      draft.note.trim() === '',
  )
  const photoIds = computed(() => photos.value.map(({ id }) => id))
  const questions = computed(() =>
    form.value ? openQuestions(form.value, draft.answers, photoIds.value) : [],
  )
  const needsForm = computed(() => questions.value.length > 0)
  return {
    photos,
    photoIds,
    draft,
    policy,
    form,
    questions,
    needsPhoto,
    needsNote,
    needsForm,
  }
}

/** What could not be taken, in a word of the message file, with the server's rule where it has one. */
export interface Refusal {
  word: 'noPicture' | 'asksMore'
  rule: string
}

/** One check-in from position to answer. */
export function useCheckin() {
  const desk = useCheckinDesk()
  const place = usePlace(desk)
  const said = useSaid(desk, place)
  const refusal = shallowRef<Refusal | null>(null)
  const takeOne = usePhotos(place, said.photos)

  async function takePhoto(file: Blob): Promise<TakenPhoto | null> {
    refusal.value = null
    const photo = await takeOne(file)
    if (photo === null) refusal.value = { word: 'noPicture', rule: '' }
    return photo
  }

  /** One that the server has already. */
  async function addPhoto(photo: TakenPhoto): Promise<TakenPhoto> {
    said.photos.value = [...said.photos.value, photo]
    return photo
  }

  const sending = useSending({ desk, place, said, refusal })
  return { ...place, ...said, ...sending, load: desk.load, refusal, takePhoto, addPhoto }
}

interface Parts {
  desk: ReturnType<typeof useCheckinDesk>
  place: ReturnType<typeof usePlace>
  said: ReturnType<typeof useSaid>
  refusal: ShallowRef<Refusal | null>
}

/** Makes a check-in of what was said; what the server asks for comes back to the page, and nothing is lost. */
function useSending({ desk, place, said, refusal }: Parts) {
  const outbox = useOutbox()
  const wifi = useWifi()
  const key = computed(() => `${place.kind.value}:${place.spot.value?.id ?? place.newPlace.value}`)
  const drafts = useDrafts(key, said)
  const busy = shallowRef(false)
  const made = shallowRef<{ input: CheckinInput; reply: CheckinReply | null } | null>(null)

  async function submit(): Promise<void> {
    if (busy.value) return
    busy.value = true
    refusal.value = null
    const input = { ...actOf(place), ...wordsOf(said), ...wifi(), device: deviceName(uuid) }
    try {
      const reply = await outbox.submit(input, place.spot.value?.name ?? place.newPlace.value)
      made.value = { input, reply }
      await drafts.finish()
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      refusal.value = { word: 'asksMore', rule: issuesOf(error)[0]?.rule ?? '' }
      await desk.load() // the form or the policy is another one by now
    } finally {
      busy.value = false
    }
  }
  return { busy, made, submit }
}

/** Takes a photo: made small, kept on the phone, and shown with its watermark. Null: it is no picture. */
function usePhotos(
  { position, spot, newPlace }: ReturnType<typeof usePlace>,
  photos: ReturnType<typeof useSaid>['photos'],
) {
  const outbox = useOutbox()
  const session = useSession()
  const markNow = () => {
    const { name = '', zone = 'Asia/Shanghai' } = session.me ?? {}
    const place = spot.value?.name ?? (newPlace.value || null)
    const accuracy = position.value?.accuracy ?? null
    return markOf({
      at: Date.now() + session.clockAhead,
      zone,
      place,
      accuracy,
      name,
    })
  }
  return async (file: Blob): Promise<TakenPhoto | null> => {
    const mark = markNow()
    try {
      const blob = await shrunk(file)
      const id = await outbox.keepPhoto(blob, mark)
      const photo = { id, url: URL.createObjectURL(await marked(blob, mark)) }
      photos.value = [...photos.value, photo]
      return photo
    } catch (error) {
      if (error instanceof NoPicture) return null
      throw error
    }
  }
}

function actOf({ kind, position, spot, newPlace }: ReturnType<typeof usePlace>) {
  const here = position.value
  const at = spot.value
  return {
    id: uuid(),
    at: Date.now(),
    kind: kind.value,
    ...(at?.kind === 'customer' && { customerId: at.id }),
    ...(at?.kind === 'workplace' && { workplaceId: at.id }),
    ...(at === null && newPlace.value !== '' && { place: newPlace.value }),
    position: here && {
      ...{ lng: here.lng, lat: here.lat, datum: 'wgs84' as const },
      ...{ accuracy: here.accuracy, at: here.at, source: here.source },
    },
  }
}

const wordsOf = ({ photoIds, draft, form }: ReturnType<typeof useSaid>) => ({
  photoIds: [...photoIds.value],
  ...(draft.note.trim() !== '' && { note: draft.note.trim() }),
  ...(form.value && {
    form: {
      id: form.value.id,
      answers: answersTo(form.value, structuredClone(toRaw(draft.answers))), // the phone's store takes no proxies
    },
  }),
})

export type Checking = ReturnType<typeof useCheckin>

const kindOf = (asked: unknown): CheckinKind =>
  asked === 'out' || asked === 'punch' ? asked : 'in'
