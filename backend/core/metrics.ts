import type { Database } from './db.ts'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  request(labels: { method: string; route: string; status: number }, ms: number): void
  counter(name: string, help: string, labels?: string[]): Counter
  gauge(name: string, help: string, read: () => number): void
  /** A value for each of a few names, all read when somebody asks; a name that is left out is not told. */
  gauges(name: string, help: string, family: Family): void
  histogram(name: string, help: string, buckets: number[]): Histogram
}

export interface Family {
  label: string
  read: () => Promise<Iterable<readonly [string, number]>> | Iterable<readonly [string, number]>
}

/** Prometheus text of this process. Names start with `zuji_`, units are in the name. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'zuji_http_request_seconds',
    help: 'Time to answer by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  })
  const registers = [registry]
  return {
    registry,
    request: (labels, ms) =>
      requests.observe({ ...labels, status: String(labels.status) }, ms / 1000),
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames, registers }),
    gauge: (name, help, read) => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read())
        },
      })
    },
    gauges: (name, help, { label, read }) => {
      new Gauge({
        ...{ name, help, labelNames: [label], registers },
        async collect() {
          const found = await read()
          this.reset()
          for (const [each, value] of found) this.set({ [label]: each }, value)
        },
      })
    },
    histogram: (name, help, buckets) => new Histogram({ name, help, buckets, registers }),
  }
}

/** How busy the connections of this process to its database are. */
export function measurePool({ db, metrics }: { db: Pick<Database, 'use'>; metrics: Metrics }) {
  metrics.gauges(
    'zuji_database_connections',
    'Connections of this process to the database by use',
    {
      label: 'use',
      read: () => {
        const { busy, idle } = db.use()
        return Object.entries({ busy, idle })
      },
    },
  )
  metrics.gauge('zuji_database_most_connections', 'Connections this process may open', () => db.use().most) // prettier-ignore
  metrics.gauge('zuji_database_waiting_requests', 'Statements that wait for a connection', () => db.use().waiting) // prettier-ignore
}
