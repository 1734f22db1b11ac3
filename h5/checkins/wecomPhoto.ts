import { v7 as uuid } from 'uuid'
import { onMounted, onScopeDispose, shallowRef } from 'vue'
import { PhotoReply } from '../../backend/contract/photos.ts'
import { call, codeOf } from '../core/api.ts'
import { useSession } from '../core/session.ts'
import { appOf, hasBridge } from '../report/app.ts'
import { bridgeOf, type Jssdk } from '../report/jssdk.ts'
import { textOf, TIMEOUT, troubleOfBridge, wasPutAway } from '../report/trouble.ts'

const SLOW_MS = 8_000 // without an answer by then another way is offered
const UPLOAD_MS = 60_000

/**
 * Why the app's camera gave no photo: it may not, it gave none, our server is out of reach, or WeCom
 * has the photo no longer.
 */
export type CameraTrouble = 'not_permitted' | 'none' | 'unsent' | 'lost' | 'unfit'

export interface AppPhoto {
  id: string
  url: string // of its picture on the server, which fetched it from WeCom
}

/**
 * The camera of WeCom and WeChat, where the page runs in them: it gives photos of now only, WeCom
 * takes them up, and our server fetches each once. What it kept is without watermark: the server
 * burns that in from what is in the chain, as for every photo.
 */
export function useAppCamera() {
  const session = useSession()
  const isThere = useBridge()
  const busy = shallowRef(false)
  const slow = shallowRef(false)
  const trouble = shallowRef<CameraTrouble | null>(null)
  let unsent: { id: string; mediaId: string } | null = null // in WeCom, not at our server yet

  async function taken(sdk: Jssdk) {
    const localId = await sdk.takePhoto()
    return { id: uuid(), mediaId: await within(UPLOAD_MS, sdk.uploadPhoto(localId)) }
  }

  async function given(photo: { id: string; mediaId: string }): Promise<AppPhoto> {
    unsent = photo
    await call(PhotoReply, '/api/v1/photos/wecom', { body: photo, timeoutMs: UPLOAD_MS })
    unsent = null
    const personId = encodeURIComponent(session.me?.id ?? '')
    return { id: photo.id, url: `/api/v1/people/${personId}/photos/${photo.id}?size=thumb` }
  }

  /** Takes one photo, or sends the last again that did not get through. @returns null when there is none; `trouble` says why */
  async function shoot(): Promise<AppPhoto | null> {
    const { me } = session
    if (busy.value || me === null) return null
    busy.value = true
    trouble.value = null
    const timer = setTimeout(() => (slow.value = true), SLOW_MS)
    try {
      const open = bridgeOf(me, appOf(navigator.userAgent, navigator.maxTouchPoints))
      return await given(unsent ?? (await taken(await open())))
    } catch (error) {
      trouble.value = unsent ? ofServer(error) : ofApp(error)
      if (trouble.value !== 'unsent') unsent = null
      return null
    } finally {
      clearTimeout(timer)
      busy.value = false
      slow.value = false
    }
  }

  return { isThere, busy, slow, trouble, shoot }
}

/** Whether the app has put its bridge into this page; it may do so late. */
function useBridge() {
  const isThere = shallowRef(false)
  const look = () => {
    const app = appOf(navigator.userAgent, navigator.maxTouchPoints)
    isThere.value = hasBridge(app) && Reflect.has(window, 'WeixinJSBridge')
  }
  onMounted(() => {
    look()
    document.addEventListener('WeixinJSBridgeReady', look)
  })
  onScopeDispose(() => document.removeEventListener('WeixinJSBridgeReady', look))
  return isThere
}

/** A person who puts the camera away has no trouble. */
function ofApp(error: unknown): CameraTrouble | null {
  if (wasPutAway(error)) return null
  return troubleOfBridge(textOf(error)) === 'no_permission' ? 'not_permitted' : 'none'
}

function ofServer(error: unknown): CameraTrouble {
  const code = codeOf(error)
  if (code === 'not_found') return 'lost'
  return code === 'bad_input' || code === 'too_large' ? 'unfit' : 'unsent'
}

/** A bridge may never answer. */
function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(TIMEOUT)), ms)
    void answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
