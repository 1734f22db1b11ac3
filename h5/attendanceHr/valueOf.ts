/** What stands in the field an event comes from. */
export function valueOf({ target }: Event): string {
  const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement
  return isField ? target.value : ''
}

export const numberOf = (event: Event) => Number(valueOf(event))
