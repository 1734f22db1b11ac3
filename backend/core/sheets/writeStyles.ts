import type { CellKind, Tint } from './write.ts'

/** Excel's number formats; 0, 1, 2 and 49 are built in, the rest are ours. */
const FORMATS: Record<CellKind, { id: number; code?: string }> = {
  text: { id: 49 },
  whole: { id: 1 },
  decimal: { id: 164, code: '0.##' },
  date: { id: 165, code: 'yyyy\\-mm\\-dd' },
  moment: { id: 166, code: 'yyyy\\-mm\\-dd\\ hh:mm:ss' },
  duration: { id: 167, code: '[h]:mm' },
}

interface Look extends Tint {
  readonly kind: CellKind
  readonly quoted?: boolean // text that would be taken for a formula when somebody edits its cell
}

/** The looks that a workbook uses, each once. */
export function createStyles() {
  const looks = new Map<string, { index: number; look: Look }>()
  const indexOf = (look: Look): number => {
    const key = JSON.stringify([look.kind, look.fill, look.ink, look.bold, look.centred, look.quoted, look.wrapped]) // prettier-ignore
    const known = looks.get(key)
    if (known) return known.index
    const index = looks.size
    looks.set(key, { index, look })
    return index
  }
  indexOf({ kind: 'text' }) // index 0 is what a cell without style gets
  const tinted = new WeakMap<Tint, Map<string, number>>() // cells share their tints
  const tintedIndex = (tint: Tint, kind: CellKind, quoted: boolean): number => {
    const known = tinted.get(tint) ?? new Map<string, number>()
    tinted.set(tint, known)
    const key = quoted ? `${kind}'` : kind
    const index = known.get(key) ?? indexOf({ ...tint, kind, quoted })
    known.set(key, index)
    return index
  }
  return { indexOf, tintedIndex, xml: () => stylesXml([...looks.values()].map(({ look }) => look)) }
}

export type Styles = ReturnType<typeof createStyles>

const HEAD =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
  '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'

function stylesXml(looks: readonly Look[]): string {
  const fonts = collected()
  const fills = collected()
  fonts.add(fontXml({}))
  fills.add('<fill><patternFill patternType="none"/></fill>')
  fills.add('<fill><patternFill patternType="gray125"/></fill>') // the second one is Excel's own
  const cells = looks.map((look) => xfXml(look, fonts.add(fontXml(look)), fillIndex(fills, look)))
  const formats = Object.values(FORMATS).flatMap(({ id, code }) =>
    code === undefined ? [] : [`<numFmt numFmtId="${id}" formatCode="${code}"/>`],
  )
  return (
    `${HEAD}<numFmts count="${formats.length}">${formats.join('')}</numFmts>` +
    `<fonts count="${fonts.all.length}">${fonts.all.join('')}</fonts>` +
    `<fills count="${fills.all.length}">${fills.all.join('')}</fills>` +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${cells.length}">${cells.join('')}</cellXfs>` +
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>' +
    '</styleSheet>'
  )
}

function collected() {
  const all: string[] = []
  const add = (xml: string) => (all.includes(xml) ? all.indexOf(xml) : all.push(xml) - 1)
  return { all, add }
}

const fontXml = ({ bold, ink }: Tint) =>
  `<font>${bold ? '<b/>' : ''}<sz val="11"/>${ink ? `<color rgb="FF${ink}"/>` : ''}<name val="等线"/><family val="2"/></font>`

const fillIndex = (fills: ReturnType<typeof collected>, { fill }: Look) =>
  fill
    ? fills.add(
        `<fill><patternFill patternType="solid"><fgColor rgb="FF${fill}"/><bgColor indexed="64"/></patternFill></fill>`,
      )
    : 0

function xfXml(look: Look, fontId: number, fillId: number): string {
  const across = look.centred ? ' horizontal="center"' : ''
  const wrap = look.wrapped ? ' wrapText="1"' : ''
  return (
    `<xf numFmtId="${FORMATS[look.kind].id}" fontId="${fontId}" fillId="${fillId}" borderId="0" xfId="0"` +
    ` applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"${look.quoted ? ' quotePrefix="1"' : ''}>` +
    `<alignment vertical="center"${across}${wrap}/></xf>`
  )
}
