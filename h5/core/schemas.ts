import { config } from 'zod'

/** Schemas are read as they are, not made into code first: the pages' policy lets no text run. Imported before the first is. */
config({ jitless: true })
