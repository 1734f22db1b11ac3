import { v7 as uuid } from 'uuid'
import { computed, reactive, shallowRef } from 'vue'
import { useRoute } from 'vue-router'
import {
  DEFAULT_POLICY,
  type CheckinInput,
  type CheckinKind,
  type CheckinReply,
  type Form,
} from '../../backend/contract/checkins.ts'
import { deviceName } from './clock.ts'
import { useCheckinDesk } from './desk.ts'
import { isFilled } from './forms.ts'
import { useLocate } from './locate.ts'
import { shrunk } from './photo.ts'
import { seenFrom, spotAt, type Spot } from './spots.ts'
import { useOutbox } from './store.ts'
import { useSpots } from './useSpots.ts'

export interface TakenPhoto {
  id: string
  url: string // of the picture on this phone
}

export type Answers = NonNullable<CheckinInput['form']>['answers']

/** Where it is: the place that the address names, that was chosen, or that is the likeliest here. */
function usePlace(load: ReturnType<typeof useCheckinDesk>) {
  const route = useRoute()
  const located = useLocate()
  const { spots, asked } = useSpots(located.position, load.desk)
  const chosen = shallowRef<Spot | null>(null)
  const newPlace = shallowRef('')
  const kind = computed(() => kindOf(route.query['kind']))
  const spot = computed(() => {
    if (chosen.value !== null || newPlace.value !== '') return chosen.value
    const named = spots.value.find(({ id }) => id === route.query['place'])
    return named ?? spotAt(located.position.value, spots.value)
  })
  const seen = computed(() => seenFrom(located.position.value, spot.value))
  return { ...located, kind, spots, asked, chosen, newPlace, spot, seen }
}

/** What is said with it, and what of that is missing yet. */
function useSaid({ desk }: ReturnType<typeof useCheckinDesk>, place: ReturnType<typeof usePlace>) {
  const photos = shallowRef<TakenPhoto[]>([])
  const draft = reactive<{ note: string; answers: Answers }>({ note: '', answers: {} })
  const policy = computed(() => desk.value?.policy ?? DEFAULT_POLICY)
  const form = computed(() => formOf(desk.value?.forms ?? [], place.kind.value))
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
  const needsForm = computed(() => form.value !== null && !isFilled(form.value, draft.answers))
  return { photos, draft, policy, form, needsPhoto, needsNote, needsForm }
}

/** One check-in from position to answer. */
export function useCheckin() {
  const outbox = useOutbox()
  const desk = useCheckinDesk()
  const place = usePlace(desk)
  const said = useSaid(desk, place)
  const busy = shallowRef(false)
  const made = shallowRef<{ input: CheckinInput; reply: CheckinReply | null } | null>(null)

  async function takePhoto(file: Blob): Promise<TakenPhoto> {
    const blob = await shrunk(file)
    const photo = { id: await outbox.keepPhoto(blob), url: URL.createObjectURL(blob) }
    said.photos.value = [...said.photos.value, photo]
    return photo
  }

  async function submit(): Promise<void> {
    if (busy.value) return
    busy.value = true
    const input = { ...actOf(place), ...wordsOf(said), device: deviceName(uuid) }
    try {
      const reply = await outbox.submit(input, place.spot.value?.name ?? place.newPlace.value)
      made.value = { input, reply }
    } finally {
      busy.value = false
    }
  }

  return { ...place, ...said, load: desk.load, busy, made, takePhoto, submit }
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

const wordsOf = ({ photos, draft, form }: ReturnType<typeof useSaid>) => ({
  photoIds: photos.value.map(({ id }) => id),
  ...(draft.note.trim() !== '' && { note: draft.note.trim() }),
  ...(form.value && { form: { id: form.value.id, answers: { ...draft.answers } } }),
})

export type Checking = ReturnType<typeof useCheckin>

const kindOf = (asked: unknown): CheckinKind =>
  asked === 'out' || asked === 'punch' ? asked : 'in'

/** Forms for tags are told by the server with the customer; here the general one is shown. */
function formOf(forms: readonly Form[], kind: CheckinKind): Form | null {
  return forms.find((form) => form.kinds.includes(kind) && form.tags.length === 0) ?? null
}
