import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import { z } from 'zod'
import {
  Preview,
  RequestKind,
  RequestPage,
  RequestState,
  type RequestDetails,
} from '../../../backend/contract/approvals.ts'
import { call, CallFailed, codeOf, type FailureCode } from '../../core/api.ts'
import { v7 as uuid } from 'uuid'

const PATHS: Record<RequestKind, string> = {
  correction: 'corrections',
  leave: 'leaves',
  outing: 'outings',
  trip: 'trips',
  overtime: 'overtime',
}
const PAUSE_MS = 350

/** Why a request can not be: in a word of the contract, and the other request that is in its way. */
export interface Problem {
  code: FailureCode
  error: unknown // as it was thrown
  other: z.infer<typeof Other> | null
}

const Other = z.object({ id: z.string(), kind: RequestKind, state: RequestState, from: z.string().optional(), to: z.string().optional() }) // prettier-ignore
const Words = z.object({ reason: z.string(), photoIds: z.array(z.string()) })

/**
 * Files a request: shows beforehand what it takes, sends it under one id until it is answered, and
 * keeps the words over a reload.
 */
export function useFiling(kind: RequestKind, details: () => RequestDetails | null) {
  const router = useRouter()
  const kept = keptWords(kind)
  const reason = ref(kept.reason)
  const photoIds = shallowRef<string[]>(kept.photoIds)
  const { preview, problem } = usePreview(details, photoIds)
  const busy = shallowRef(false)
  const ready = computed(() => details() !== null && reason.value.trim() !== '' && !busy.value)
  let sent = { text: '', id: '' }

  watch([reason, photoIds], () => {
    const words = { reason: reason.value, photoIds: photoIds.value }
    sessionStorage.setItem(keyOf(kind), JSON.stringify(words))
  })

  async function submit(): Promise<void> {
    const asked = details()
    if (asked === null || !ready.value) return
    busy.value = true
    const { kind: _, ...rest } = asked
    const body = { ...rest, reason: reason.value.trim(), photoIds: photoIds.value }
    const text = JSON.stringify(body)
    if (text !== sent.text) sent = { text, id: uuid() } // asked again without an answer: the same request
    try {
      const to = `/api/v1/${PATHS[kind]}`
      const page = await call(RequestPage, to, { body: { ...body, id: sent.id } })
      sessionStorage.removeItem(keyOf(kind))
      await router.replace({ name: 'request', params: { id: page.id } })
    } catch (error) {
      problem.value = problemOf(error)
    }
    busy.value = false
  }

  return { reason, photoIds, preview, problem, busy, ready, submit }
}

/** What a request would take, asked for a moment after its details have changed. */
function usePreview(details: () => RequestDetails | null, photoIds: Ref<string[]>) {
  const preview = shallowRef<Preview | null>(null)
  const problem = shallowRef<Problem | null>(null)
  let newest = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function look(): Promise<void> {
    const mine = ++newest
    const asked = details()
    if (asked === null) return
    const body = { details: asked, photoIds: photoIds.value }
    const answer = await call(Preview, '/api/v1/requests/preview', { body }).catch(problemOf)
    if (mine !== newest) return
    preview.value = 'code' in answer ? null : answer
    problem.value = 'code' in answer ? answer : null
  }

  watch(
    [() => JSON.stringify(details()), photoIds],
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => void look(), PAUSE_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return { preview, problem }
}

const keyOf = (kind: RequestKind) => `zuji.request.${kind}`

function keptWords(kind: RequestKind): z.infer<typeof Words> {
  const text = sessionStorage.getItem(keyOf(kind))
  const parsed = text === null ? null : Words.safeParse(JSON.parse(text))
  return parsed?.success ? parsed.data : { reason: '', photoIds: [] }
}

function problemOf(error: unknown): Problem {
  const code = codeOf(error)
  const failed = error instanceof CallFailed ? error : null
  const other = Other.safeParse(failed?.details)
  return { code, error, other: other.success ? other.data : null }
}
