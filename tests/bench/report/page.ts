import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { dataDirectory } from '../../../fixtures/city.ts'
import { ALGORITHM_VERSION, deriveDay } from '../../../geo/index.ts'
import { mapsOf } from './maps.ts'
import { lineOf, viewOf } from './plane.ts'
import type { Scene } from './scenes.ts'
import { stripOf } from './strip.ts'
import { STYLE } from './style.ts'

/** The whole page: static, no script, nothing loaded from elsewhere. */
export function pageOf(seed: string, scenes: readonly Scene[], figures: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Zuji 足迹: days told beside days lived</title>
<style>${STYLE}</style>
<svg class="defs" aria-hidden="true"><defs><path id="roads" d="${roads()}"/></defs></svg>
<header>
<h1>Days told beside days lived</h1>
<p>Each day four times: as the phone reported it, cleaned, as Zuji tells it, and as it truly was. Below, by the
clock, beside what the published rules of Traccar and Dawarich make of the same fixes. Simulated days of the demo
city, seed ${seed}, and real recordings; algorithm version ${ALGORITHM_VERSION}.
Made by <code>npm run bench -- report</code>.</p>
<ul class="legend"><li><i class="dot"></i>at a customer, a colour each</li><li><i class="dot else"></i>somewhere else</li>
<li><i class="run"></i>under way</li><li><i class="dash"></i>not seen, drawn straight</li><li><i class="dot bad"></i>set aside by cleaning</li>
<li><i class="grey"></i>the phone said that it could not report</li></ul>
</header>
${figures}
${scenes.map(sectionOf).join('\n')}
<footer>Roads: © OpenStreetMap contributors, ODbL. Peers are re-implementations of published rules, not runs of their software.</footer>
</html>
`
}

function sectionOf(scene: Scene): string {
  const day = deriveDay(scene.facts)
  const maps = mapsOf(scene, day).map(
    ({ svg, caption }) =>
      `<figure>${svg || '<div class="none"></div>'}<figcaption>${caption}</figcaption></figure>`,
  )
  return `<section>
<h2>${scene.title}</h2>
<p>${scene.note}</p>
<div class="maps">${maps.join('\n')}</div>
${stripOf(scene, day)}
</section>`
}

interface Roads {
  readonly features: readonly { geometry: { coordinates: readonly [number, number][] } }[]
}

/** All roads of the demo city as one path, in metres around the shared origin. */
function roads(): string {
  const file = readFileSync(join(dataDirectory(), 'shenzhen-futian-roads.geojson.gz'))
  const { features }: Roads = JSON.parse(gunzipSync(file).toString('utf8'))
  const lines = features.map(({ geometry }) =>
    geometry.coordinates.map(([lng, lat]) => ({ lng, lat })),
  )
  const view = viewOf(lines.flat(), true)
  return lines.map((line) => lineOf(view, line)).join('')
}
