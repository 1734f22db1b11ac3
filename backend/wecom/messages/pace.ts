import type { Item } from './cards.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
const MOST = 25 // cards a minute; WeCom silently drops the 31st to one member
const MOST_WITH_BUTTONS = 15 // up to here a message with buttons keeps a card of its own
const FREELY = 5 // cards a minute; after that one every ten seconds
const GAP_MS = 10_000
const TOGETHER = 3 // so many of one topic are one card
const LARGEST = 1_000 // messages in a card
const LATER_MS = HOUR // between two cards of one person when the app's messages of the day run out
const MANY = 600 // cards an hour, after which all share one; WeCom drops the 1001st

/** What one person waits for, and when he got cards. */
export interface Waiting<T extends Item> {
  items: readonly T[] // oldest first
  sent: readonly number[] // epoch ms of his cards of the last hour
  now: number
  /** The app has sent nearly all that WeCom lets it send in a day. */
  scarce?: boolean
}

/**
 * Which messages go out now and which of them share a card. Few come one by one; many of a topic
 * together; in a storm everything together every ten seconds. What is not named waits: nothing is
 * dropped, and never are there more than 25 cards in any minute or 1,000 in any hour. When the day's messages
 * run out everybody gets one card an hour, at once only with something urgent.
 */
export function cardsNow<T extends Item>({ items, sent, now, scarce = false }: Waiting<T>): T[][] {
  const recent = sent.filter((at) => at > now - MINUTE)
  if (scarce) {
    const waits = sent.some((at) => at > now - LATER_MS) && !items.some(({ urgent }) => urgent)
    return waits ? [] : allNow(items.slice(0, LARGEST), recent, now)
  }
  const stormy = sent.filter((at) => at > now - HOUR).length >= MANY
  const alone = items
    .filter((item) => item.buttons.length > 0)
    .slice(0, Math.max(0, (stormy ? 0 : MOST_WITH_BUTTONS) - recent.length))
  const kept = new Set(alone)
  const rest = items.filter((item) => !kept.has(item)).slice(0, LARGEST)
  const cards = [
    ...alone.map((item) => [item]),
    ...(stormy ? allNow : groupsNow)(rest, recent, now),
  ]
  return cards.slice(0, Math.max(0, MOST - recent.length))
}

/** Groups while they are few, one card for all when they are not, nothing for a while after that. */
function groupsNow<T extends Item>(items: readonly T[], recent: readonly number[], now: number) {
  const groups = together(items)
  if (groups.length + recent.length <= FREELY) return groups
  return allNow(items, recent, now)
}

function allNow<T extends Item>(items: readonly T[], recent: readonly number[], now: number) {
  const last = Math.max(0, ...recent)
  return items.length > 0 && now - last >= GAP_MS ? [[...items]] : []
}

/** Messages of a topic share a card when there are three or more. */
function together<T extends Item>(items: readonly T[]): T[][] {
  const byTopic = new Map<string, T[]>()
  for (const item of items) byTopic.set(item.topic, [...(byTopic.get(item.topic) ?? []), item])
  return [...byTopic.values()].flatMap((group) =>
    group.length >= TOGETHER ? [group] : group.map((item) => [item]),
  )
}
