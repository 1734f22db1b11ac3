import { execFileSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { onCluster, staged, type Fault } from './stage.ts'

const SPACE = 'zuji-fault'
const ip = (...words: string[]) => execFileSync('ip', words, { stdio: 'pipe' })

/** A wire between this machine and a network namespace of the server's own. */
interface Wire {
  readonly here: string
  readonly there: string
}
const PHONES: Wire = { here: '10.213.77.1', there: '10.213.77.2' }
const DATABASE: Wire = { here: '10.213.78.1', there: '10.213.78.2' }

/**
 * The server in a network of its own: one wire to the phones, one to the database. The second loses every packet
 * for a while, without a word to either end.
 */
export function onNetwork(name: string, heldMs: number): Fault {
  return {
    name,
    on: (day, act) =>
      inNamespace(() =>
        onCluster({ listen: DATABASE.here }, (cluster, dataDir) => {
          const within = ['ip', 'netns', 'exec', SPACE]
          const ground = {
            databaseUrl: `postgres://zuji@${DATABASE.here}/postgres`,
            besideUrl: cluster.urlOf('postgres'),
            dataDir,
            servers: [{ host: PHONES.there, within }],
          }
          return staged(ground, day, (stage) =>
            act(stage, async () => {
              ip('link', 'set', 'zuji-d', 'down')
              await wait(heldMs)
              ip('link', 'set', 'zuji-d', 'up')
            }),
          )
        }),
      ),
  }
}

async function inNamespace<T>(act: () => Promise<T>): Promise<T> {
  ip('netns', 'add', SPACE)
  try {
    ip('-n', SPACE, 'link', 'set', 'lo', 'up')
    lay('zuji-p', PHONES)
    lay('zuji-d', DATABASE)
    return await act()
  } finally {
    ip('netns', 'del', SPACE) // and both wires with it
  }
}

function lay(name: string, { here, there }: Wire): void {
  ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}1`, 'netns', SPACE)
  ip('addr', 'add', `${here}/30`, 'dev', name)
  ip('link', 'set', name, 'up')
  ip('-n', SPACE, 'addr', 'add', `${there}/30`, 'dev', `${name}1`)
  ip('-n', SPACE, 'link', 'set', `${name}1`, 'up')
}
