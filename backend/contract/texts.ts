import { z } from 'zod'

/** Control characters but line ends and tabs, and halves of surrogate pairs: no text that a database or a page should meet. */
const NO_TEXT = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\p{Cs}]/u

/** A text of people: trimmed, not empty, at most so many characters. HTML and formulas stay the text they are. */
export const Text = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((text) => !NO_TEXT.test(text), 'control characters are no text')
