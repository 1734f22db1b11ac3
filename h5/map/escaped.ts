/** Text for a tooltip, which takes HTML. */
export const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
