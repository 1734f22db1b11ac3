import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  request(labels: { method: string; route: string; status: number }, ms: number): void
  counter(name: string, help: string, labels?: string[]): Counter
  gauge(name: string, help: string, read: () => number): void
  histogram(name: string, help: string, buckets: number[]): Histogram
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
    histogram: (name, help, buckets) => new Histogram({ name, help, buckets, registers }),
  }
}
