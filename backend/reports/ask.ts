import { Fault } from '../core/errors.ts'
import type { RawRoute, Route, Viewer } from '../core/http/route.ts'

/** One of the server's own answers, as this viewer gets it: with his rights, and recorded as his look. */
export type Ask = (
  viewer: Viewer,
  path: string, // of the route, with its names: /api/v1/people/:id
  words?: { params?: Record<string, string>; query?: Record<string, string> },
) => Promise<unknown>

/** A report asks the same endpoints as the pages do, so it can never show more than they. */
export const askOf =
  (routes: readonly (Route | RawRoute)[]): Ask =>
  async (viewer, path, { params = {}, query = {} } = {}) => {
    const found = routes.find((each) => each.method === 'GET' && each.path === path)
    if (!found || 'raw' in found) throw new Fault('internal', `no endpoint answers ${path}`)
    return found.answer({ viewer, params, query, body: () => Promise.resolve(undefined) })
  }
