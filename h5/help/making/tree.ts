import { parsers } from 'prettier/plugins/markdown'
import { z } from 'zod'

/** A piece of a Markdown text; https://github.com/syntax-tree/mdast names the kinds. */
export const Piece = z.object({
  type: z.string(),
  value: z.string().optional(), // of texts and code
  depth: z.number().optional(), // of headings
  url: z.string().optional(), // of links and images
  alt: z.string().nullish(), // of images
  ordered: z.boolean().nullish(), // of lists
  get children(): z.ZodOptional<z.ZodArray<typeof Piece>> {
    return z.array(Piece).optional()
  },
})
export type Piece = z.infer<typeof Piece>

/** Reads a text with the parser (remark) of the formatter that the project has anyway. */
export async function treeOf(markdown: string): Promise<Piece> {
  // the options are the formatter's and mean nothing to its parser
  const tree: unknown = await Reflect.apply(parsers.markdown.parse, undefined, [markdown, {}])
  return Piece.parse(tree)
}

/** Every piece of a tree, itself first. */
export function* piecesOf(piece: Piece): Generator<Piece> {
  yield piece
  for (const child of piece.children ?? []) yield* piecesOf(child)
}

/** The names of the pictures that a text shows. */
export function imagesIn(tree: Piece): string[] {
  return [...piecesOf(tree)].flatMap(({ type, url }) => (type === 'image' && url ? [url] : []))
}
