import { parseArgs } from 'node:util'

/** What stands behind `npm run zuji --`. Unknown options are an error that names them. */
export function parseCommand(argv: readonly string[]) {
  const { positionals, values } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      person: { type: 'string' },
      device: { type: 'string' },
      role: { type: 'string' },
      url: { type: 'string' },
      people: { type: 'string' },
      seconds: { type: 'string' },
      speed: { type: 'string' },
      seed: { type: 'string' },
      from: { type: 'string' },
      month: { type: 'string' },
      out: { type: 'string' },
      layout: { type: 'string' },
      department: { type: 'string' },
      to: { type: 'string' },
      'dry-run': { type: 'boolean' },
      citus: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  return {
    command: positionals[0] ?? (values.help ? 'help' : 'serve'),
    rest: positionals.slice(1),
    ...values,
  }
}

export type Command = ReturnType<typeof parseCommand>

export const HELP = `zuji 足迹

  serve                        migrate, then serve (what npm start does) [--role api|jobs]: answer, or do the chores, one beside the other
  migrate                      bring the database to this version [--citus]: then spread its tables over a Citus's workers (never tried on a real one)
  token --person ID            print one bearer token for that person
  device-token --person ID     print one token that may only report positions (OwnTracks, OsmAnd, Overland)
  appoint --person ID --role R  make somebody admin or hr, or rep again; the directory knows the other roles
  doctor                       check settings, database and WeCom; say in Chinese and English what to change where
  simulate --url URL           a load of reps against a server [--people N] [--seconds N] [--speed F] [--seed N]
  import fixes FILE --person ID  take a GPX file, an OwnTracks Recorder's .rec, or Traccar's positions (JSON, CSV) as that person's [--device ID] [--dry-run]
  export attendance --month M --out FILE  a month as XLSX, or as CSV when FILE ends so [--layout wecom] [--department ID]
  rebuild --from DATE --to DATE  derive days anew and tell what differs [--person ID] [--dry-run]
  verify-chain                 follow the hash chain of check-ins; name the first one deleted or changed [--from DATE --to DATE]
  backup --out FILE            everything, photos included, as one file, while the server runs; it holds all that is secret
  restore FILE                 such a file into an empty database, of either kind; checks every byte first, the chain of check-ins last

without a database, for people who check us:

  derive FILE                  a line each {id, zone, duty:{from,to}, fixes, silences?, sites?, intentions?} in, the day out; - is standard input
  ledger FILE                  cases of work days as in fixtures/data/attendance.json in, each one's ledger a line out; - is standard input
  prove-privacy                try every promise of privacy on a server that is thrown away; a line each
  convert --from D --to D      one [lng,lat] a line in and out [FILE]; D is wgs84, gcj02 or bd09
`
