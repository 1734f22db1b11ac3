import ts from 'typescript'

/** A file of the engine with one fault in it. */
export interface Mutant {
  readonly file: string
  readonly line: number
  readonly was: string
  readonly is: string
  readonly source: string // of the whole file
}

/** What stands for an operator. Nothing that could not come of a slip of the hand. */
const OPERATORS: Partial<Record<ts.SyntaxKind, readonly string[]>> = {
  [ts.SyntaxKind.LessThanToken]: ['<=', '>='],
  [ts.SyntaxKind.LessThanEqualsToken]: ['<', '>'],
  [ts.SyntaxKind.GreaterThanToken]: ['>=', '<='],
  [ts.SyntaxKind.GreaterThanEqualsToken]: ['>', '<'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: ['!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: ['==='],
  [ts.SyntaxKind.PlusToken]: ['-'],
  [ts.SyntaxKind.MinusToken]: ['+'],
  [ts.SyntaxKind.AsteriskToken]: ['/'],
  [ts.SyntaxKind.SlashToken]: ['*'],
  [ts.SyntaxKind.AmpersandAmpersandToken]: ['||'],
  [ts.SyntaxKind.BarBarToken]: ['&&'],
  [ts.SyntaxKind.PlusEqualsToken]: ['-='],
  [ts.SyntaxKind.MinusEqualsToken]: ['+='],
}
const CALLS: Record<string, string> = { max: 'min', min: 'max', some: 'every', every: 'some', findLast: 'find', floor: 'ceil' } // prettier-ignore
const DROPPED = new Set(['filter', 'sort', 'reverse']) // calls that hand on what they were called on

type Say = (node: ts.Node, is: string) => void

/** Every mutant of a file: operators, edges, constants, conditions, branches, calls, statements. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: Mutant[] = []
  const say: Say = (node, is) => {
    const [from, to] = [node.getStart(tree), node.getEnd()]
    const was = text.slice(from, to)
    const line = tree.getLineAndCharacterOfPosition(from).line + 1
    const source = text.slice(0, from) + is + text.slice(to)
    found.push({ file, line, was: short(was), is: short(is), source })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return // prettier-ignore
    for (const mutate of MUTATORS) mutate(node, say)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

const short = (text: string) => text.replace(/\s+/g, ' ').slice(0, 70) || '(nothing)'

const MUTATORS: ((node: ts.Node, say: Say) => void)[] = [
  (node, say) => {
    if (!ts.isBinaryExpression(node)) return
    const { operatorToken, left, right } = node
    for (const other of OPERATORS[operatorToken.kind] ?? []) say(operatorToken, other)
    if (operatorToken.kind !== ts.SyntaxKind.QuestionQuestionToken) return
    say(node, right.getText())
    say(node, left.getText())
  },
  (node, say) => {
    if (ts.isNumericLiteral(node)) for (const by of [1, -1]) say(node, String(Number(node.text) + by).replace(/^-.*/, '($&)')) // prettier-ignore
    if (ts.isStringLiteral(node) && isValue(node)) say(node, "'another'")
    if (node.kind === ts.SyntaxKind.TrueKeyword) say(node, 'false')
    if (node.kind === ts.SyntaxKind.FalseKeyword) say(node, 'true')
  },
  (node, say) => {
    if (ts.isConditionalExpression(node)) {
      say(node, `(${node.whenTrue.getText()})`)
      say(node, `(${node.whenFalse.getText()})`)
    }
    if (!ts.isIfStatement(node)) return
    say(node.expression, 'true')
    say(node.expression, 'false')
  },
  (node, say) => {
    if (ts.isPrefixUnaryExpression(node)) say(node, node.operand.getText())
    if (ts.isExpressionStatement(node)) say(node, '')
    if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) say(node, '[]')
  },
  (node, say) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return
    const { name, expression } = node.expression
    const other = CALLS[name.text]
    if (other) say(name, other)
    if (DROPPED.has(name.text)) say(node, expression.getText())
  },
]

/** Not a name of a property or a part of a type. */
const isValue = ({ parent }: ts.StringLiteral) => !ts.isLiteralTypeNode(parent)
