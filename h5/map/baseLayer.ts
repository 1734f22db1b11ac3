import L from 'leaflet'
import type { BaseMap, Box, Road, Shape } from './basemap.ts'
import { overlaps, placeLabels, type Label } from './labels.ts'

const TILE = 256 // px
const MARGIN = 40 // px around a tile: half of the longest name may stick in
const FROM_ZOOM = [0, 9, 11, 13, 15, 16] // from which zoom a level of road is drawn
const WIDTH = [0, 7, 5.5, 4, 2.4, 1.2] // px at zoom 15

interface Colours {
  water: string
  land: string
  edge: string
  main: string
  street: string
  path: string
  text: string
  font: string
}
interface Tile {
  pen: CanvasRenderingContext2D
  scale: number // px of the whole world
  left: number // px of the tile's corner
  top: number
  zoom: number
}

/** The bundled map as tiles painted in the page, in the colours of the tokens. `redraw()` after a change of theme. */
export class BaseLayer extends L.GridLayer {
  private readonly base: BaseMap
  private readonly labels = new Map<number, Label[]>()
  private colours: Colours

  constructor(base: BaseMap) {
    super({ minZoom: 2, maxZoom: 19, keepBuffer: 1, zIndex: 0 })
    this.base = base
    this.colours = coloursNow()
  }

  override redraw(): this {
    this.colours = coloursNow()
    return super.redraw()
  }

  protected override createTile(coords: L.Coords): HTMLElement {
    const canvas = document.createElement('canvas')
    const sharpness = Math.min(window.devicePixelRatio || 1, 2)
    canvas.width = canvas.height = TILE * sharpness
    const pen = canvas.getContext('2d')
    if (pen === null) return canvas
    pen.scale(sharpness, sharpness)
    const tile = {
      pen,
      scale: TILE * 2 ** coords.z,
      left: coords.x * TILE,
      top: coords.y * TILE,
      zoom: coords.z,
    }
    this.paint(tile)
    return canvas
  }

  private paint(tile: Tile): void {
    const { base, colours } = this
    tile.pen.fillStyle = colours.water
    tile.pen.fillRect(0, 0, TILE, TILE)
    const rings = [...base.land, ...base.districts.flatMap((district) => district.rings)]
    fill(tile, visible(rings, tile), colours.land)
    if (tile.zoom >= 8) {
      const edges = base.districts.flatMap((district) => district.rings)
      tile.pen.setLineDash([6, 4])
      stroke(tile, visible(edges, tile), { colour: colours.edge, width: 0.75 })
      tile.pen.setLineDash([])
    }
    paintRoads(tile, visible(base.roads, tile), colours)
    if (tile.zoom >= 14) write(tile, this.labelsAt(tile.zoom), colours)
    if (tile.zoom >= 9 && tile.zoom < 14) write(tile, this.districtNames(tile.scale), colours)
  }

  private labelsAt(zoom: number): Label[] {
    const known =
      this.labels.get(zoom) ?? placeLabels(this.base.roads, TILE * 2 ** zoom, zoom < 16 ? 2 : 3)
    this.labels.set(zoom, known)
    return known
  }

  private districtNames(scale: number): Label[] {
    return this.base.districts.flatMap(({ name, rings }) => {
      const box = [...rings].sort((a, b) => b.points.length - a.points.length)[0]?.box
      if (!box) return []
      const x = ((box[0] + box[2]) / 2) * scale
      const y = ((box[1] + box[3]) / 2) * scale
      return [{ text: name, x, y, angle: 0, box: [x - 20, y - 10, x + 20, y + 10] }]
    })
  }
}

function paintRoads(tile: Tile, roads: readonly Road[], colours: Colours): void {
  const grow = 1.4 ** (tile.zoom - 15)
  const levels = [5, 4, 3, 2, 1].filter((level) => tile.zoom >= (FROM_ZOOM[level] ?? 0))
  const widthOf = (level: number) => Math.max((WIDTH[level] ?? 1) * grow, 0.6)
  const ofLevel = (level: number) => roads.filter((road) => road.level === level)
  const cased = levels.filter((level) => level <= 3 && widthOf(level) > 1.5)
  for (const level of cased) {
    stroke(tile, ofLevel(level), { colour: colours.edge, width: widthOf(level) + 1.4 })
  }
  for (const level of levels) {
    const colour = level === 1 ? colours.main : level <= 3 ? colours.street : colours.path
    stroke(tile, ofLevel(level), { colour, width: widthOf(level) })
  }
}

function visible<S extends Shape>(shapes: readonly S[], tile: Tile): S[] {
  const { left, top, scale } = tile
  const box: Box = [
    (left - MARGIN) / scale,
    (top - MARGIN) / scale,
    (left + TILE + MARGIN) / scale,
    (top + TILE + MARGIN) / scale,
  ]
  return shapes.filter((shape) => overlaps(shape.box, box))
}

function trace({ pen, scale, left, top }: Tile, shapes: readonly Shape[]): void {
  pen.beginPath()
  for (const { points } of shapes) {
    for (let i = 0; i + 1 < points.length; i += 2) {
      const x = (points[i] ?? 0) * scale - left
      const y = (points[i + 1] ?? 0) * scale - top
      if (i === 0) pen.moveTo(x, y)
      else pen.lineTo(x, y)
    }
  }
}

function fill(tile: Tile, shapes: readonly Shape[], colour: string): void {
  tile.pen.fillStyle = colour
  for (const shape of shapes) {
    trace(tile, [shape])
    tile.pen.fill()
  }
}

function stroke(
  tile: Tile,
  shapes: readonly Shape[],
  { colour, width }: { colour: string; width: number },
): void {
  tile.pen.strokeStyle = colour
  tile.pen.lineWidth = width
  tile.pen.lineJoin = 'round'
  tile.pen.lineCap = 'round'
  trace(tile, shapes)
  tile.pen.stroke()
}

function write({ pen, left, top }: Tile, labels: readonly Label[], colours: Colours): void {
  const box: Box = [left, top, left + TILE, top + TILE]
  pen.font = `12px ${colours.font}`
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.lineJoin = 'round'
  for (const label of labels.filter((each) => overlaps(each.box, box))) {
    pen.save()
    pen.translate(label.x - left, label.y - top)
    pen.rotate(label.angle)
    pen.strokeStyle = colours.land
    pen.lineWidth = 3
    pen.strokeText(label.text, 0, 0)
    pen.fillStyle = colours.text
    pen.fillText(label.text, 0, 0)
    pen.restore()
  }
}

function coloursNow(): Colours {
  const tokens = getComputedStyle(document.documentElement)
  const token = (name: string) => tokens.getPropertyValue(name).trim()
  return {
    water: token('--water'),
    land: token('--land'),
    edge: token('--map-line'),
    main: token('--road-1'),
    street: token('--road-2'),
    path: token('--road-3'),
    text: token('--ink-2'),
    font: token('--font'),
  }
}
