import vue from '@vitejs/plugin-vue'
import path from 'node:path'
import { defineConfig } from 'vitest/config'

const root = path.resolve(import.meta.dirname, '..')

/** A machine under load is slow, not wrong: what is polled for may take its time. */
const expect = { poll: { timeout: 60_000, interval: 50 } }

/**
 * unit: pure, no database · server, embedded: the same files on both kinds of database · browser:
 * stories in Chromium. A plain run leaves the embedded database out; `--project embedded` asks for it.
 */
const OTHERS = {
  server: 'embedded oneSession',
  // These ask no database of ours, start what they need themselves, or are about what is the same on both: there
  // `accessScopes` asks each route of the house, so that each statement behind one runs on the embedded database too.
  embedded: `databaseHosts processes processRoles hotQueries away relay uploads deployment openapi guard limits pages
    cli tracksOpened sheetsReading sheetsWriting visitsMatch visitsOrder visitsForm visitsTold webhooksRoutes
    approvalsFlow approvalsSpans contactsDiff contactsScopes contactsDemo customersHostile
    apiKeys appoint attendanceFiles attendancePeople attendanceRules attendanceWecomFile checkinsCalls checkinsThreshold
    tracksFiles tracksIntentions tracksRoads alertsDigest announcements
    wecom wecomApproval wecomButtons wecomCallbacks wecomCallbacksAway wecomCallbacksHostile wecomCaller wecomCards
    wecomCheckin wecomChecks wecomContract wecomCorrection wecomCrypto wecomDoctor wecomDomain wecomEvents wecomLimits
    wecomMedia wecomPhotos wecomPositions wecomSharedLimits wecomStorm wecomTwists wecomXml`,
} // files of the other kind alone
const database = (name: 'server' | 'embedded') => ({
  test: {
    name,
    include: ['tests/backend/**/*.test.ts'],
    exclude: OTHERS[name].split(/\s+/).map((file) => `tests/backend/${file}.test.ts`),
    globalSetup: [path.join(root, `tests/support/${name}Setup.ts`)],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect,
  },
  root,
})

const withEmbedded = process.argv.some((word) => word.includes('embedded'))

export default defineConfig({
  root,
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // `npm run cover`: every branch of the mathematics is taken by a test
    coverage: {
      provider: 'v8',
      include: ['geo/**'],
      exclude: ['tests/**'],
      reporter: ['text'],
      reportOnFailure: true,
      thresholds: { 'geo/**': { branches: 100 } },
    },
    projects: [
      {
        root,
        plugins: [vue()],
        test: {
          name: 'unit',
          include: [
            'tests/{geo,fixtures,h5,contract,attendance,alerts,team,company}/**/*.test.ts',
            'tests/*.test.ts',
          ],
          testTimeout: 120_000,
          expect,
        },
      },
      database('server'),
      ...(withEmbedded ? [database('embedded')] : []),
      {
        root,
        test: {
          name: 'browser',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: [path.join(root, 'tests/support/serverSetup.ts')],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          expect,
        },
      },
    ],
  },
})
