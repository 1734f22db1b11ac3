import type { Topic } from '../../contract/messages.ts'
import type { Button } from '../../core/notify.ts'

/** A message as a card shows it. */
export interface Item {
  topic: Topic
  title: string
  text: string
  path: string // of our page
  buttons: readonly Button[]
  at: number // epoch ms
  urgent?: boolean
}

/** Where a card leads and whose hours it shows. */
export interface CardFrame {
  cardId: string // also the task's name; it makes each card's content its own
  publicUrl: string
  zone: string
}

/** `message/send` without receiver and app. */
export type CardBody =
  | { msgtype: 'textcard'; textcard: Record<string, unknown> }
  | { msgtype: 'template_card'; template_card: Record<string, unknown> }

const WORDS: Record<Topic | 'mixed', readonly [zh: string, en: string]> = {
  alert: ['预警', 'alerts'],
  approval: ['待审批', 'approvals'],
  attendance: ['考勤', 'attendance'],
  report: ['报告', 'reports'],
  notice: ['通知', 'notices'],
  mixed: ['消息', 'messages'],
}

const LIMITS = {
  title: 26, // characters, of a template card
  subTitle: 112,
  rows: 6,
  rowValue: 26,
  button: 10,
  buttons: 6,
  textcardTitle: 128, // bytes; whether WeCom counts bytes or characters is not documented
  textcardText: 512,
} as const

/**
 * The card for one message or for many: a text card, a card with buttons, or a list of the first
 * six with the way to all. Sizes are those of developer.work.weixin.qq.com/document/path/90236.
 */
export function renderCard(items: readonly Item[], frame: CardFrame): CardBody {
  const [first] = items
  if (!first) throw new Error('a card of nothing')
  if (items.length > 1) return listCard(items, frame)
  return first.buttons.length > 0 ? buttonCard(first, frame) : textCard(first, frame)
}

function textCard(item: Item, frame: CardFrame): CardBody {
  return {
    msgtype: 'textcard',
    textcard: {
      title: cutBytes(item.title, LIMITS.textcardTitle),
      description: escaped(item.text.trim() || item.title, LIMITS.textcardText), // must not be empty
      url: pageUrl(frame, item.path),
      btntxt: '查看',
    },
  }
}

function buttonCard(item: Item, frame: CardFrame): CardBody {
  return {
    msgtype: 'template_card',
    template_card: {
      card_type: 'button_interaction',
      source: SOURCE,
      main_title: { title: cut(item.title, LIMITS.title) },
      sub_title_text: cut(item.text, LIMITS.subTitle),
      card_action: { type: 1, url: pageUrl(frame, item.path) },
      task_id: frame.cardId,
      button_list: item.buttons.slice(0, LIMITS.buttons).map(({ key, text, style }) => ({
        text: cut(text, LIMITS.button),
        style: style ?? 1,
        key,
      })),
    },
  }
}

function listCard(items: readonly Item[], frame: CardFrame): CardBody {
  const url = pageUrl(frame, '/inbox')
  const shown = items.slice(0, LIMITS.rows)
  return {
    msgtype: 'template_card',
    template_card: {
      card_type: 'text_notice',
      source: SOURCE,
      main_title: { title: headline(items) },
      sub_title_text:
        items.length > shown.length
          ? `另有 ${items.length - shown.length} 条，点开查看全部 · Tap to read all ${items.length}`
          : '点开查看全部 · Tap to read all',
      horizontal_content_list: shown.map((item) => ({
        keyname: timeOf(item.at, frame.zone),
        value: cut(item.title, LIMITS.rowValue),
      })),
      jump_list: [{ type: 1, title: '查看全部 View all', url }],
      card_action: { type: 1, url },
      task_id: frame.cardId,
    },
  }
}

const SOURCE = { desc: '足迹 Zuji', desc_color: 0 }

/** "3 条预警 · 3 alerts" */
function headline(items: readonly Item[]): string {
  const topics = new Set(items.map((item) => item.topic))
  const [topic] = topics
  const [zh, en] = WORDS[topics.size === 1 && topic ? topic : 'mixed']
  return cut(`${items.length} 条${zh} · ${items.length} ${en}`, LIMITS.title)
}

/** A page of ours; the card's id tells from which card one came. */
function pageUrl({ publicUrl, cardId }: CardFrame, path: string): string {
  const url = new URL(publicUrl + path)
  url.searchParams.set('card', cardId)
  return url.href
}

const timeOf = (at: number, timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(at)

/** At most `max` characters, the last one a sign that there was more; no character is torn. */
function cut(text: string, max: number): string {
  const letters = [...text.trim()]
  return letters.length <= max ? letters.join('') : `${letters.slice(0, max - 1).join('')}…`
}

/** The same by bytes of UTF-8. */
function cutBytes(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text
  let kept = ''
  for (const letter of text) {
    if (Buffer.byteLength(kept + letter) > max - 3) break // room for the sign
    kept += letter
  }
  return `${kept}…`
}

/** Text of a text card, which reads some tags: ours has none. */
function escaped(text: string, maxBytes: number): string {
  const safe = (plain: string) =>
    plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  let max = maxBytes
  while (Buffer.byteLength(safe(cutBytes(text, max))) > maxBytes) max -= 8
  return safe(cutBytes(text, max))
}
