import { word } from './reading.ts'
import { childAt, textAt, type XmlElement } from '../callback/xml.ts'

/** A button or a choice on a card that we sent. */
export interface CardAnswer {
  key: string // of the button, as we gave it
  taskId: string // of the card, as we gave it
  cardType: string
  /** Lets the card be updated once, for a limited time. */
  responseCode: string
  choices: { question: string; options: string[] }[]
}

/** @returns null when it names neither task nor key. */
export function cardAnswer(root: XmlElement): CardAnswer | null {
  const key = word(textAt(root, 'EventKey'), 1_024) ?? ''
  const taskId = word(textAt(root, 'TaskId')) ?? ''
  if (key === '' && taskId === '') return null
  const items = childAt(root, 'SelectedItems')?.children ?? []
  return {
    key,
    taskId,
    cardType: word(textAt(root, 'CardType')) ?? '',
    responseCode: word(textAt(root, 'ResponseCode'), 1_024) ?? '',
    choices: items.filter(({ name }) => name === 'SelectedItem').map(choiceOf),
  }
}

/** WeCom writes `OpitonIds`; who corrects that one day is understood too. */
function choiceOf(item: XmlElement) {
  const options = childAt(item, 'OpitonIds') ?? childAt(item, 'OptionIds')
  return {
    question: word(textAt(item, 'QuestionKey'), 1_024) ?? '',
    options: (options?.children ?? [])
      .filter(({ name }) => name === 'OpitonId' || name === 'OptionId')
      .map(({ text }) => text),
  }
}
