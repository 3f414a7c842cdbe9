import { config } from 'zod'

// The page's policy forbids `eval`, so schemas must not try to compile themselves; this has to run before any schema is made.
config({ jitless: true })
