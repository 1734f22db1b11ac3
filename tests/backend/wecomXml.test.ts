import { expect, test } from 'vitest'
import { parseXml, textAt } from '../../backend/wecom/callback/xml.ts'

const parse = (text: string) => parseXml(text, { chars: 1_000_000, tags: 20_000 })

const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, at) => `<!ENTITY a${at} "${'&a;'.repeat(10)}">`).join('')}]><xml><Encrypt>&a8;</Encrypt></xml>`

test.each([
  ['a bomb of entities', bomb],
  ['a DOCTYPE', '<!DOCTYPE xml><xml><a>1</a></xml>'],
  ['a doctype in small letters', '<!doctype xml><xml><a>1</a></xml>'],
  ['an outer entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml>&x;</xml>'],
  ['a comment', '<xml><!-- --><a>1</a></xml>'],
  ['a processing instruction', '<xml><?php 1 ?><a>1</a></xml>'],
  ['a declaration that is not first', '<xml><?xml version="1.0"?></xml>'],
  ['two roots', '<a>1</a><b>2</b>'],
  ['no root', 'just text'],
  ['nothing', ''],
  ['a tag that does not end', '<xml><a>1</xml>'],
  ['tags that cross', '<a><b></a></b>'],
  ['CDATA that does not end', '<xml><a><![CDATA[1</a></xml>'],
  ['a NUL', '<xml><a>\0</a></xml>'],
  ['half of a surrogate pair', '<xml><a>\ud800</a></xml>'],
  ['33 levels and more', `${'<a>'.repeat(40)}1${'</a>'.repeat(40)}`],
  ['too many tags', `<xml>${'<a/>'.repeat(20_001)}</xml>`],
  ['too long', `<xml>${'x'.repeat(1_000_000)}</xml>`],
])('XML refused: %s', (_name, text) => {
  expect(parse(text)).toBeNull()
})

test('what looks like markup inside CDATA is text', () => {
  const root = parse(
    '<?xml version="1.0"?>\n<xml><a> <![CDATA[<!DOCTYPE &lt; ]] >]]>&lt;&amp;&x;</a></xml>',
  )
  expect(root && textAt(root, 'a')).toBe(' <!DOCTYPE &lt; ]] ><&&x;')
})

test('names from outside are only names', () => {
  expect(parse('<xml><__proto__><a>1</a></__proto__></xml>')).toBeNull()
  const root = parse('<xml><toString>1</toString><a>2</a></xml>')
  expect(root && textAt(root, 'a')).toBe('2')
  expect(root && textAt(root, 'toString')).not.toBeInstanceOf(Function)
  expect(root && textAt(root, 'valueOf')).toBeNull()
})
