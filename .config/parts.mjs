// What the tests need beside Node: named, and on Debian and Ubuntu installed when run as root.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'

const quiet = (program, ...words) => spawnSync(program, words, { encoding: 'utf8' })

/** PostgreSQL 15 or newer with PostGIS, where Debian puts it. */
function hasServer() {
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base)
    ? readdirSync(base).filter((version) => Number(version) >= 15)
    : []
  return versions.some(
    (version) =>
      existsSync(`${base}/${version}/bin/initdb`) &&
      existsSync(`/usr/share/postgresql/${version}/extension/postgis.control`),
  )
}

const found = (program) => quiet('which', program).status === 0

/** The one without a window does a third less; the whole one will do `atLast`, where the other can not be had. */
const hasChromium = (atLast) => found('chromium-headless-shell') || (atLast && found('chromium'))

const mayInstall = () => process.getuid?.() === 0 && found('apt-get')

const PARTS = [
  {
    name: 'PostgreSQL 15 with PostGIS',
    packages: [
      'postgresql-15-postgis-3',
      'postgresql-16-postgis-3',
      'postgresql-17-postgis-3',
      'postgresql-18-postgis-3',
    ],
    there: hasServer,
    projects: ['server', 'browser'],
  },
  {
    name: 'Redis',
    packages: ['redis-server'],
    there: () => found('redis-server'),
    projects: ['server', 'embedded'],
  },
  {
    name: 'Chromium',
    packages: ['chromium-headless-shell', 'chromium'],
    there: hasChromium,
    projects: ['browser'],
  },
  {
    name: 'a font with Chinese characters',
    packages: ['fonts-noto-cjk'],
    there: () => (quiet('fc-list', ':lang=zh', 'family').stdout ?? '').trim() !== '',
    projects: ['browser'],
  },
  {
    name: 'LibreOffice Calc',
    packages: ['libreoffice-calc'],
    there: () => found('soffice'),
    projects: ['server'],
  },
  {
    name: 'openpyxl for Python 3',
    packages: ['python3-openpyxl'],
    // Debian's own Python: another may stand before it on the path
    there: () => ['/usr/bin/python3', 'python3'].some((program) => quiet(program, '-c', 'import openpyxl').status === 0), // prettier-ignore
    projects: ['server'],
  },
  {
    name: 'GPSBabel',
    packages: ['gpsbabel'],
    there: () => found('gpsbabel'),
    projects: ['server', 'embedded'],
  },
]

/** @param atLast nothing is installed any more */
const missing = (atLast) => PARTS.filter((part) => !part.there(atLast))

/** Installs what it may. @returns the parts that are still missing. */
export function prepareParts() {
  const mayTry = mayInstall()
  const before = missing(!mayTry)
  if (before.length === 0 || !mayTry) return before
  console.log(`installing ${before.map((part) => part.name).join(', ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...words) =>
    spawnSync('apt-get', words, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  apt('update', '-qq')
  for (const part of before) {
    const known = part.packages.find((name) => quiet('apt-cache', 'show', name).status === 0)
    if (known)
      apt(
        'install',
        '-y',
        '-qq',
        '--no-install-recommends',
        known,
        ...(part.name === 'Chromium' ? ['fontconfig'] : []),
      )
  }
  return missing(true)
}
