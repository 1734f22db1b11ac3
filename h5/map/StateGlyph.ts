import { h, type FunctionalComponent } from 'vue'
import type { State } from '../../backend/contract/terms.ts'
import { glyphOf } from './glyphs.ts'
import './map.css'

/** The shape of a state in lists and legends; the word stands beside it. `size` in px, 20 unless told. */
export const StateGlyph: FunctionalComponent<{ state: State; size?: number }> = ({
  state,
  size = 20,
}) =>
  h('svg', {
    class: ['state-glyph', `state-${state}`],
    width: size,
    height: size,
    viewBox: '0 0 20 20',
    'aria-hidden': true,
    innerHTML: glyphOf(state),
  })
StateGlyph.props = ['state', 'size']
