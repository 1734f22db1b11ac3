import { escaped } from '../core/http/guard.ts'
import { linkPage } from '../core/http/links.ts'
import type { RawReply } from '../core/http/route.ts'
import type { FoundShare } from './visitQueries.ts'

/** The page a customer sees: company, person, place and time, and a form until it was answered. */
export function sharePage(share: FoundShare, isOwnStaff: boolean): RawReply {
  const { company, person, customer, place, tookPlace } = share
  const facts = [
    ['拜访人', 'Visitor', `${person} · ${company}`],
    ['地点', 'Place', [customer, place].filter((text) => text !== '').join(' · ')],
    ['时间', 'Time', whenOf(share)],
  ]
  const list = facts
    .map(([zh, en, text]) => `<dt>${both(zh, en)}</dt><dd>${escaped(text ?? '')}</dd>`)
    .join('')
  const rest = tookPlace === null ? (isOwnStaff ? STAFF : FORM) : thanks(share)
  return page(
    200,
    `<h1>${both('请确认这次拜访', 'Please confirm this visit')}</h1><dl>${list}</dl>${rest}`,
  )
}

/** Unknown, wrong and expired links look the same. */
export const gonePage = (): RawReply =>
  page(
    404,
    `<h1>${both('链接无效或已过期', 'This link is not valid, or too old')}</h1>
    <p>${both('请向拜访您的同事要一个新的链接。', 'Ask whoever visited you for a new one.')}</p>`,
  )

function whenOf({ at, zone }: FoundShare): string {
  if (at === null) return '—'
  const format = { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' } as const
  return new Intl.DateTimeFormat('zh-CN', format).format(at)
}

function thanks({ tookPlace, rating, comment }: FoundShare): string {
  const said = tookPlace
    ? both('您确认了这次拜访', 'You confirmed this visit')
    : both('您说这次拜访没有发生', 'You said that this visit did not happen')
  const stars = rating === null ? '' : `<p>${'★'.repeat(rating)}${'☆'.repeat(5 - rating)}</p>`
  const words = comment ? `<p>${escaped(comment)}</p>` : ''
  return `<div role="status"><h2>${both('谢谢！', 'Thank you!')}</h2><p>${said}</p>${stars}${words}</div>`
}

const both = (zh = '', en = '') => `${zh} <span lang="en">${en}</span>`

const STAFF = `<p role="alert">${both(
  '您已登录本企业，此页供客户填写。请让客户用自己的手机扫码。',
  'You are signed in as staff. This page is for the customer’s own phone.',
)}</p>`

const STARS = [5, 4, 3, 2, 1]
  .map(
    (n) =>
      `<input type="radio" name="rating" id="r${n}" value="${n}"><label for="r${n}" aria-label="${n} / 5">★</label>`,
  )
  .join('')

const FORM = `<form method="post">
<fieldset class="stars"><legend>${both('您的评价（可不填）', 'Your rating (optional)')}</legend><div>${STARS}</div></fieldset>
<label for="comment">${both('留言（可不填）', 'Comment (optional)')}</label>
<textarea id="comment" name="comment" rows="3" maxlength="500"></textarea>
<button name="tookPlace" value="yes">${both('确认，拜访属实', 'Yes, this visit took place')}</button>
<button name="tookPlace" value="no" class="plain">${both('没有来过', 'No, nobody came')}</button>
</form>`

const page = (status: number, content: string): RawReply =>
  linkPage({ status, style: STYLE, body: `<main>${content}</main>` })

const STYLE = `
:root { --ink: #16211d; --ink-2: #51605a; --paper: #f5f7f6; --card: #fff; --line: #84918b; --brand: #0f7b5f; --on-brand: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #eef3f0; --ink-2: #a9b5af; --paper: #0e1412; --card: #171f1c; --line: #77837d; --brand: #3ec29b; --on-brand: #0b1512 } }
* { box-sizing: border-box } body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/24px system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }
main { max-width: 480px; margin: 0 auto; padding: 24px 16px }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 28px } h2 { margin: 0; font-size: 18px }
[lang=en] { display: block; color: var(--ink-2); font-size: 13px; font-weight: 400; line-height: 18px }
dl { margin: 0 0 16px; padding: 16px; border-radius: 12px; background: var(--card) }
dt { color: var(--ink-2); font-size: 13px } dt [lang=en] { display: inline } dd { margin: 0 0 8px; overflow-wrap: anywhere }
fieldset { margin: 0 0 16px; padding: 0; border: 0 } legend, label { padding: 0 }
.stars div { display: flex; flex-direction: row-reverse; justify-content: flex-end }
.stars input { position: absolute; opacity: 0 } .stars label { width: 48px; height: 48px; font-size: 36px; line-height: 48px; text-align: center; color: var(--line); cursor: pointer }
.stars input:checked ~ label { color: #b35c00 } .stars input:focus-visible + label { outline: 2px solid var(--brand) }
textarea { width: 100%; margin: 4px 0 16px; padding: 12px; border: 1px solid var(--line); border-radius: 12px; background: var(--card); color: var(--ink); font: inherit }
button { display: block; width: 100%; min-height: 52px; margin-top: 8px; border: 0; border-radius: 12px; background: var(--brand); color: var(--on-brand); font: inherit; font-weight: 600 }
button [lang=en] { color: inherit } .plain { background: none; color: var(--brand); box-shadow: inset 0 0 0 1.5px var(--brand) }
div[role=status] { padding: 16px; border-radius: 12px; background: var(--card) } p { margin: 8px 0 }`
