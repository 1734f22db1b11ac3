import { BlockList, isIP } from 'node:net'

/** An address of a machine, as a look-up gives it. */
export interface Address {
  readonly address: string
  readonly family: number
}

const closed = new BlockList()
/** What is no public unicast address: own networks, this machine, the link (a cloud's metadata), examples, groups. */
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  closed.addSubnet(net, bits, 'ipv4')
/** Of 2000::/3, which alone is public: protocols that hold an IPv4 address or lead elsewhere, and examples. */
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  closed.addSubnet(net, bits, 'ipv6')
const open = new BlockList()
open.addSubnet('2000::', 3, 'ipv6')

/** Clouds answer for their metadata at addresses that look public, too. */
const METADATA = ['100.100.100.200', '168.63.129.16', '169.254.169.254']

/** Whether an address is one of the internet, and no machine of somebody's own network. */
export function isPublic(address: string): boolean {
  if (METADATA.includes(address)) return false
  if (isIP(address) === 4) return !closed.check(address, 'ipv4')
  return isIP(address) === 6 && open.check(address, 'ipv6') && !closed.check(address, 'ipv6')
}

/** As look-ups want it: without the brackets of IPv6, in lower case, without the dot of a whole name. */
export const hostOf = ({ hostname }: URL) =>
  hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')

/**
 * Whether an address may be sent to at all, before its name is looked up.
 * @param privateHosts named by who runs the server: they may be inside, and without TLS
 */
export function mayBeCalled(url: URL, privateHosts: readonly string[]): boolean {
  const host = hostOf(url)
  if (privateHosts.includes(host)) return url.protocol === 'https:' || url.protocol === 'http:'
  if (url.protocol !== 'https:' || host === 'localhost' || host.endsWith('.localhost')) return false
  return isIP(host) === 0 || isPublic(host)
}

/** Of a name's addresses the one to connect to; null when one of them is inside: such a name is not to be trusted. */
export function chosenOf(
  addresses: readonly Address[],
  host: string,
  privateHosts: readonly string[],
): Address | null {
  const good = privateHosts.includes(host) || addresses.every(({ address }) => isPublic(address))
  return good ? (addresses[0] ?? null) : null
}
