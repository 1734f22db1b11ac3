import {
  Announcement,
  AnnouncementInput,
  AnnouncementPath,
  Announcements,
  AnnouncementsQuery,
  Receipts,
  Reminded,
  SentAnnouncement,
  SentAnnouncements,
} from '../contract/announcements.ts'
import { BirthdayInput, Colleagues, ColleaguesQuery } from '../contract/colleagues.ts'
import { Fault, found } from '../core/errors.ts'
import { route, signedIn, type Route, type Viewer } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import { beforeOf, pageEnd } from '../core/pages.ts'
import { followedBy, publish, read, sentOf, withdraw } from './announcements.ts'
import { colleaguesFor } from './colleagues.ts'
import { deleteBirthday, saveBirthday } from './colleagueQueries.ts'
import { countUnread, listReceipts, listReceived, listSent } from './queries.ts'
import { remindOf } from './tell.ts'

const PAGE = 30
const AHEAD_MS = 1000 // what was written in this very millisecond is shown

/** Who leads, HR and admins write announcements. */
const mayPublish = (viewer: Viewer) => signedIn(viewer) && viewer.role !== 'rep'

const nextOf = (page: readonly { at: number; id: string }[]) =>
  pageEnd(page, PAGE, ({ at, id }) => ({ at, key: id }))

export const companyRoutes = (kit: Kit): Route[] => [
  ...readRoutes(kit),
  ...sentRoutes(kit),
  oneRoute(kit),
  ...followRoutes(kit),
  ...colleagueRoutes(kit),
]

async function receivedBy(kit: Kit, { orgId, id: personId }: Viewer, before?: string) {
  const until = beforeOf(before, kit.clock.now() + AHEAD_MS)
  const wanted = { personId, id: null, before: until, limit: PAGE }
  const announcements = await listReceived(kit.db, orgId, wanted)
  return {
    unread: await countUnread(kit.db, orgId, personId),
    announcements,
    next: nextOf(announcements),
  }
}

const readRoutes = (kit: Kit): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/announcements',
    summary: 'What my company tells me, newest first',
    query: AnnouncementsQuery,
    reply: Announcements,
    allow: signedIn,
    run: ({ viewer, query }) => receivedBy(kit, viewer, query.before),
  }),
  route({
    method: 'POST',
    path: '/api/v1/announcements/:id/read',
    summary: 'Say that I have read it; the first time stays',
    params: AnnouncementPath,
    reply: Announcements.pick({ unread: true }),
    allow: signedIn,
    run: async ({ viewer, params }) => {
      const { orgId, id: personId } = viewer
      if (!(await read(kit, { orgId, personId }, params.id)))
        throw new Fault('not_found', 'there is no such announcement')
      return { unread: await countUnread(kit.db, orgId, personId) }
    },
  }),
]

const sentRoutes = (kit: Kit): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/announcements/sent',
    summary: 'What I told; HR and admins see all, with how many have read it',
    query: AnnouncementsQuery,
    reply: SentAnnouncements,
    allow: mayPublish,
    run: async ({ viewer, query }) => {
      const before = beforeOf(query.before, kit.clock.now() + AHEAD_MS)
      const wanted = { by: followedBy(viewer), id: null, before, limit: PAGE }
      const announcements = await listSent(kit.db, viewer.orgId, wanted)
      return { announcements, next: nextOf(announcements) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/announcements',
    summary: 'Tell the company, or departments that I lead; everybody gets a message',
    input: AnnouncementInput,
    reply: SentAnnouncement,
    allow: mayPublish,
    run: ({ viewer, input }) => publish(kit, viewer, input),
  }),
]

/** After the list of what was sent, whose path looks like one. */
const oneRoute = (kit: Kit): Route =>
  route({
    method: 'GET',
    path: '/api/v1/announcements/:id',
    summary: 'One of what my company tells me',
    params: AnnouncementPath,
    reply: Announcement,
    allow: signedIn,
    run: async ({ viewer: { orgId, id: personId }, params: { id } }) => {
      const wanted = {
        personId,
        id,
        before: beforeOf(undefined, kit.clock.now() + AHEAD_MS),
        limit: 1,
      }
      const [announcement] = await listReceived(kit.db, orgId, wanted)
      return found(announcement, 'this announcement')
    },
  })

const followRoutes = (kit: Kit): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/announcements/:id/receipts',
    summary: 'Who has read what I told, and who has not',
    params: AnnouncementPath,
    reply: Receipts,
    allow: mayPublish,
    run: async ({ viewer, params }) => ({
      announcement: await sentOf(kit, viewer, params.id),
      receipts: await listReceipts(kit.db, viewer.orgId, params.id),
    }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/announcements/:id/remind',
    summary: 'Tell those who have not read it once more, each once',
    params: AnnouncementPath,
    reply: Reminded,
    allow: mayPublish,
    run: async ({ viewer, params }) => {
      await sentOf(kit, viewer, params.id)
      return { reminded: await remindOf(kit, viewer.orgId, params.id) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/announcements/:id/withdraw',
    summary: 'Take back what I told',
    params: AnnouncementPath,
    reply: SentAnnouncement,
    allow: mayPublish,
    run: ({ viewer, params }) => withdraw(kit, viewer, params.id),
  }),
]

const colleagueRoutes = (kit: Kit): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/directory',
    summary: 'Who works here, and whose birthday comes',
    query: ColleaguesQuery,
    reply: Colleagues,
    allow: signedIn,
    run: ({ viewer, query }) => colleaguesFor(kit, viewer, query),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/directory/birthday',
    summary: 'Let colleagues know my birthday, or take it back',
    input: BirthdayInput,
    reply: BirthdayInput,
    allow: signedIn,
    run: async ({ viewer, input }) => {
      const { orgId, id: personId } = viewer
      const { birthday } = input
      if (birthday === null) await deleteBirthday(kit.db, orgId, personId)
      else await saveBirthday(kit.db, orgId, { personId, birthday, at: kit.clock.now() })
      return input
    },
  }),
]
