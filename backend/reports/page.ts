import { escaped } from '../core/http/guard.ts'
import { linkPage } from '../core/http/links.ts'
import type { RawReply } from '../core/http/route.ts'
import { momentIn, type Content } from './html.ts'

interface Origin {
  by: string // who may see this and passed it on
  expiresAt: number | null // of the link; null: printed by who is signed in
  now: number // epoch ms
}

/** A report as a page of its own, without scripts, fit for paper. */
export function reportPage(content: Content, { by, expiresAt, now }: Origin): RawReply {
  const whenOf = momentIn(content.zone)
  const end = expiresAt === null ? '' : ` · 链接有效至 ${whenOf(expiresAt)}`
  const foot = `<footer>足迹 Zuji · ${escaped(by)} · ${whenOf(now)}${end}</footer>`
  const head = `<header><h1>${content.title}</h1><p>${escaped(content.subtitle)}</p></header>`
  const kind = content.wide ? 'wide' : 'tall'
  return page(200, `<main class="${kind}">${head}${content.body}${foot}</main>`)
}

/** Unknown, wrong, ended and revoked links look the same. */
export const gonePage = (): RawReply =>
  page(
    404,
    `<main class="tall"><h1>链接无效或已过期</h1><p lang="en">This link is not valid, or has ended.</p>
    <p>请向给您链接的人要一个新的。 <span lang="en">Ask who gave it to you for a new one.</span></p></main>`,
  )

const page = (status: number, body: string): RawReply => linkPage({ status, style: STYLE, body })

const STYLE = `
:root { --ink: #16211d; --ink-2: #51605a; --paper: #f5f7f6; --card: #fff; --line: #e3e8e5; --brand: #0f7b5f; --move: #1769d2; --silent: #7a7f87 }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #eef3f0; --ink-2: #a9b5af; --paper: #0e1412; --card: #171f1c; --line: #28322e; --brand: #3ec29b; --move: #6aa9ff; --silent: #9aa1a9 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/22px system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; font-variant-numeric: tabular-nums }
main { margin: 0 auto; padding: 24px 16px; overflow-x: auto } .tall { max-width: 760px } .wide { max-width: 1400px }
h1 { margin: 0; font-size: 22px; line-height: 28px } h2 { margin: 16px 0 4px; font-size: 17px } header p, footer, dt { color: var(--ink-2) } header p { margin: 2px 0 16px }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 1px; margin: 0 0 16px; border: 1px solid var(--line); border-radius: 12px; overflow: hidden; background: var(--line) }
dl div { padding: 8px 12px; background: var(--card) } dt { font-size: 12px; line-height: 16px } dd { margin: 0; font-weight: 600; overflow-wrap: anywhere }
svg { display: block; width: 100%; margin: 0 0 16px; border: 1px solid var(--line); border-radius: 12px; background: var(--card) }
polyline { fill: none; stroke: var(--move); stroke-width: 3; stroke-linejoin: round } polyline.silent { stroke: var(--silent); stroke-width: 2; stroke-dasharray: 2 6; stroke-linecap: round }
circle { fill: var(--brand) } text { fill: var(--card); font-size: 12px; font-weight: 600; text-anchor: middle } text.scale { fill: var(--ink-2); font-weight: 400; text-anchor: start } path.scale { fill: none; stroke: var(--ink-2) }
table { width: 100%; border-collapse: collapse; background: var(--card) } th, td { padding: 6px 8px; border-bottom: 1px solid var(--line); text-align: left; overflow-wrap: anywhere } th { color: var(--ink-2); font-size: 12px; font-weight: 400 }
.wide th, .wide td { padding: 4px; font-size: 12px; line-height: 16px; white-space: nowrap } ul { margin: 0; padding-left: 20px } footer { margin-top: 16px; font-size: 12px }
@page { margin: 12mm }
@media print { body { background: none; font-size: 10pt; line-height: 14pt } main { max-width: none; padding: 0; overflow: visible } thead { display: table-header-group } tr, svg, dl { break-inside: avoid } .wide { page: across } .wide th, .wide td { padding: 2px; font-size: 7pt; line-height: 9pt } }
@page across { size: A4 landscape; margin: 8mm }`
