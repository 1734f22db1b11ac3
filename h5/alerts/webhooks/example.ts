/** How a receiver checks that a body is ours; tests run it as it stands. */
export const CHECK = `import { createHmac, timingSafeEqual } from 'node:crypto'

/** body: as it came, not parsed and written anew; secret: whsec_… */
export function isOurs(headers, body, secret) {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': given = '' } = headers
  if (!(Math.abs(Date.now() / 1000 - Number(at)) < 300)) return false
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const mac = createHmac('sha256', key).update(\`\${id}.\${at}.\${body}\`).digest('base64')
  const wanted = Buffer.from(\`v1,\${mac}\`)
  return given.split(' ').some((each) => {
    const one = Buffer.from(each)
    return one.length === wanted.length && timingSafeEqual(one, wanted)
  })
}
`
