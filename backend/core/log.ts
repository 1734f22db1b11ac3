import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino'

export type Log = Logger

/**
 * Structured logs on stdout. Positions and secrets never get here: nothing logs bodies, and what
 * could slip in by an error object is cut out by name.
 * @param to takes the lines instead of stdout.
 */
export function createLog(level: string, to?: DestinationStream): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    redact: {
      paths: [
        'token',
        'secret',
        'authorization',
        'cookie',
        'password',
        'lng',
        'lat',
        'position',
        '*.token',
        '*.secret',
        '*.lng',
        '*.lat',
      ],
      censor: '[cut]',
    },
    serializers: { err: errorWithoutValues },
  }
  return to ? pino(options, to) : pino(options)
}

/** Database errors carry the offending row in `detail` and `parameters`: only name, code and stack pass. */
function errorWithoutValues(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = 'code' in error ? error.code : undefined
  const constraint = 'constraint' in error ? error.constraint : undefined
  return { type: error.name, message: error.message, code, constraint, stack: error.stack }
}
