import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

/** Debian's Chromium without the window that nobody sees: the same pages with two thirds of the work. */
const SHELL = '/usr/bin/chromium-headless-shell'
const WHOLE = '/usr/bin/chromium'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A browser of this machine for stories; whoever started it closes it. */
export const openChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: existsSync(SHELL) ? SHELL : WHOLE, args: FLAGS })
