import vue from '@vitejs/plugin-vue'
import path from 'node:path'
import { defineConfig } from 'vitest/config'

const root = path.resolve(import.meta.dirname, '..')

/** A machine under load is slow, not wrong: what is polled for may take its time. */
const expect = { poll: { timeout: 20_000, interval: 50 } }

/**
 * unit: pure, no database · server, embedded: the same files on both kinds of database · browser:
 * stories in Chromium. A plain run leaves the embedded database out; `--project embedded` asks for it.
 */
const OTHERS = {
  server: 'embedded oneSession',
  // these ask no database of ours, or start what they need themselves
  embedded: `processes processRoles hotQueries away relay uploads deployment openapi
    cli tracksOpened sheetsReading sheetsWriting visitsMatch visitsOrder
    approvalsFlow approvalsSpans contactsDiff contactsScopes wecom wecomCards
    wecomCheckin wecomContract wecomCrypto wecomDomain wecomEvents wecomLimits wecomXml`,
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
          testTimeout: 30_000,
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
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          expect,
        },
      },
    ],
  },
})
