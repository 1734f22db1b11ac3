import { CONTACT_CHANGES, contactChange, type ContactChange } from './contact.ts'
import { approvalChange, type ApprovalChange } from './approval.ts'
import { cardAnswer, type CardAnswer } from './card.ts'
import { decimal, instant, placeAt, word } from './reading.ts'
import { parseXml, textAt, type XmlElement } from '../callback/xml.ts'

export type { ApprovalChange, ContactChange, CardAnswer }

/** Of whom and when; `userId` in the spelling of WeCom, which compares without regard to case. */
interface Told {
  at: number // epoch ms, WeCom's clock, whole seconds
  userId: string // `sys` for what WeCom itself says
}

/** Degrees in a datum that WeCom does not document: the settings say which. */
interface Place {
  lng: number
  lat: number
}

/** What WeCom tells us, by kind. */
export interface Heard {
  /** A position: of a LOCATION event (on entering the app's conversation), or a pin that a member sent. */
  location: Told &
    Place & { from: 'event' | 'message'; accuracy: number | null; label: string | null }
  /** A place picked from a menu button; a `location` from a message follows it. */
  location_select: Told & Place & { key: string; label: string; poi: string }
  enter_agent: Told
  /** The member came into the app's visible range, or left it. */
  subscribe: Told
  unsubscribe: Told
  /** A menu button; `key` is the one we gave it. */
  click: Told & { key: string }
  /** A menu button that opens a page; `key` is its address. */
  view: Told & { key: string }
  template_card_event: Told & CardAnswer
  change_contact: Told & { change: ContactChange }
  sys_approval_change: Told & { approval: ApprovalChange }
}

export type HeardKind = keyof Heard

/** One of them with its kind. */
export type WecomEvent = { [K in HeardKind]: { kind: K; heard: Heard[K] } }[HeardKind]

/** What is known of any callback, also of one that nobody here understands. */
export interface Reading {
  /** `event/click`, `event/change_contact/create_user`, `message/text`: lower case, bounded. */
  name: string
  told: Told
  /** What tells it from every other: WeCom's number of a message, else all of its content. */
  key: string
  /** Null: of no kind above, or without a value that its kind must have. */
  event: WecomEvent | null
}

/** What the largest body that is read holds at most; an approval with all its comments has a few hundred tags. */
const LIMITS = { chars: 96_000, tags: 3_000 }

/**
 * Reads a callback's decrypted XML. Pure, never throws.
 * @returns null for what is no XML, and for what lacks the things every callback has (sender, time, type).
 */
export function readCallback(text: string): Reading | null {
  const root = parseXml(text, LIMITS)
  if (!root) return null
  const userId = word(textAt(root, 'FromUserName'), 128)
  const at = instant(textAt(root, 'CreateTime'))
  const type = nameAt(root, 'MsgType')
  if (userId === null || at === null || type === null) return null
  const told = { at, userId }
  const name = type === 'event' ? eventName(root) : `message/${type}`
  return { name, told, key: keyOf(root), event: READERS.get(name)?.(root, told) ?? null }
}

const NAME = /^[a-z0-9_]{1,48}$/

/** Names are compared without regard to case: LOCATION is upper, old samples have CLICK. */
function nameAt(root: XmlElement, element: string): string | null {
  const name = textAt(root, element)?.trim().toLowerCase() ?? ''
  return NAME.test(name) ? name : null
}

function eventName(root: XmlElement): string {
  const event = nameAt(root, 'Event') ?? 'nameless'
  const change = event === 'change_contact' ? nameAt(root, 'ChangeType') : null
  return change ? `event/${event}/${change}` : `event/${event}`
}

/**
 * A retry is sealed anew, so that only what is inside says whether it was heard before. Sender and
 * second are not enough: `sys` tells of many changes within one second.
 */
function keyOf(root: XmlElement): string {
  const messageId = textAt(root, 'MsgId')?.trim()
  return messageId ? `message ${messageId}` : `event ${canonical(root)}`
}

/** All content, without regard to the order in which elements were written. */
function canonical({ name, text, children }: XmlElement): string {
  if (children.length === 0) return JSON.stringify([name, text])
  return JSON.stringify([name, children.map(canonical).sort()])
}

type Read = (root: XmlElement, told: Told) => WecomEvent | null

const READERS = new Map<string, Read>([
  ['event/location', positionEvent],
  ['message/location', pin],
  ['event/location_select', selection],
  ['event/enter_agent', (_, heard) => ({ kind: 'enter_agent', heard })],
  ['event/subscribe', (_, heard) => ({ kind: 'subscribe', heard })],
  ['event/unsubscribe', (_, heard) => ({ kind: 'unsubscribe', heard })],
  ['event/click', (root, told) => ({ kind: 'click', heard: { ...told, key: keyText(root) } })],
  ['event/view', (root, told) => ({ kind: 'view', heard: { ...told, key: keyText(root) } })],
  ['event/template_card_event', card],
  ['event/sys_approval_change', approval],
  ...CONTACT_CHANGES.map((type) => [`event/change_contact/${type}`, contact(type)] as const),
])

const keyText = (root: XmlElement) => word(textAt(root, 'EventKey'), 2_048) ?? ''

function positionEvent(root: XmlElement, told: Told): WecomEvent | null {
  const place = placeAt(root, { lat: 'Latitude', lng: 'Longitude' })
  if (!place) return null
  const precision = decimal(textAt(root, 'Precision'), 1e6)
  const accuracy = precision !== null && precision > 0 ? precision : null
  return { kind: 'location', heard: { ...told, ...place, from: 'event', accuracy, label: null } }
}

const X_IS_LATITUDE = { lat: 'Location_X', lng: 'Location_Y' } // and Y the longitude

function pin(root: XmlElement, told: Told): WecomEvent | null {
  const place = placeAt(root, X_IS_LATITUDE)
  if (!place) return null
  const label = word(textAt(root, 'Label'), 1_024)
  return { kind: 'location', heard: { ...told, ...place, from: 'message', accuracy: null, label } }
}

function selection(root: XmlElement, told: Told): WecomEvent | null {
  const place = placeAt(root, X_IS_LATITUDE, 'SendLocationInfo')
  if (!place) return null
  const label = word(textAt(root, 'SendLocationInfo', 'Label'), 1_024) ?? ''
  const poi = word(textAt(root, 'SendLocationInfo', 'Poiname'), 1_024) ?? ''
  return { kind: 'location_select', heard: { ...told, ...place, key: keyText(root), label, poi } }
}

function card(root: XmlElement, told: Told): WecomEvent | null {
  const answer = cardAnswer(root)
  return answer && { kind: 'template_card_event', heard: { ...told, ...answer } }
}

function approval(root: XmlElement, told: Told): WecomEvent | null {
  const change = approvalChange(root)
  return change && { kind: 'sys_approval_change', heard: { ...told, approval: change } }
}

function contact(type: ContactChange['type']): Read {
  return (root, told) => {
    const change = contactChange(root, type)
    return change && { kind: 'change_contact', heard: { ...told, change } }
  }
}
