/** One picture of the gallery; its file is `<name>.png` beside the page. */
export interface Shot {
  name: string
  route: string
  who: string
  kind: 'phone' | 'desk'
  theme: 'light' | 'dark'
  lang: 'zh-CN' | 'en'
  trouble: string // what went wrong while it was taken; empty: nothing
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** The gallery as one static page: a row for each screen, its looks side by side. */
export function galleryPage(shots: readonly Shot[]): string {
  const routes = [...new Set(shots.map(({ route }) => route))]
  const rows = routes.map((route) =>
    rowOf(
      route,
      shots.filter((each) => each.route === route),
    ),
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8"><title>Zuji: ${routes.length} screens</title>
<style>
body { margin: 24px; font: 15px/22px system-ui, sans-serif; background: #ececec; color: #16211d }
section > div { display: flex; gap: 16px; overflow-x: auto; align-items: flex-start; padding: 0 0 24px }
figure { margin: 0; flex: none }
img { display: block; box-shadow: 0 1px 6px rgb(0 0 0 / 0.3) }
.phone img { width: 250px } .desk img { width: 960px }
figcaption { font-size: 12px } .trouble { color: #b00 }
</style>
<h1>${routes.length} screens, ${shots.length} pictures</h1>
<nav>${routes.map((route) => `<a href="#${route}">${route}</a>`).join(' · ')}</nav>
${rows.join('\n')}
</html>
`
}

const rowOf = (route: string, shots: readonly Shot[]): string =>
  `<section id="${route}"><h2>${route}</h2><div>${shots.map(figureOf).join('')}</div></section>`

const figureOf = ({ name, kind, theme, lang, who, trouble }: Shot): string =>
  `<figure class="${kind}"><a href="${name}.png"><img loading="lazy" src="${name}.png" alt="${name}"></a>` +
  `<figcaption>${who} · ${kind} · ${theme} · ${lang} <span class="trouble">${escaped(trouble)}</span></figcaption></figure>`
