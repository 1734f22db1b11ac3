/** 公告: what a company tells its people, with who has read it. */
import { z } from 'zod'
import { Millis, PageEnd, PersonId } from './terms.ts'

export const AnnouncementInput = z.object({
  id: z.uuid().toLowerCase(), // made by who writes it: again changes nothing
  title: z.string().trim().min(1).max(80),
  body: z.string().trim().min(1).max(5000),
  departmentIds: z.array(z.string().min(1).max(64)).max(100).default([]), // with those below; none is everybody
  remindHours: z.number().int().min(1).max(168).nullable().default(null),
})
export type AnnouncementInput = z.infer<typeof AnnouncementInput>

/** As somebody reads it. */
export const Announcement = z.object({
  id: z.uuid(),
  title: z.string(),
  body: z.string(),
  by: z.string(), // name
  at: Millis,
  readAt: Millis.nullable(), // by whom it is shown to
  withdrawnAt: Millis.nullable(),
})
export type Announcement = z.infer<typeof Announcement>

export const AnnouncementsQuery = z.object({ before: PageEnd.optional() })

/** Newest first. `unread` counts all that wait for the viewer; `next` goes into `before`. */
export const Announcements = z.object({
  unread: z.number().int(),
  announcements: z.array(Announcement),
  next: PageEnd.nullable(),
})
export type Announcements = z.infer<typeof Announcements>

/** As who sent it follows it. */
export const SentAnnouncement = Announcement.omit({ readAt: true }).extend({
  departments: z.array(z.string()), // names; none is everybody
  remindHours: z.number().int().nullable(),
  receivers: z.number().int(),
  read: z.number().int(),
})
export type SentAnnouncement = z.infer<typeof SentAnnouncement>
export const SentAnnouncements = z.object({
  announcements: z.array(SentAnnouncement),
  next: PageEnd.nullable(),
})

export const AnnouncementPath = z.object({ id: z.uuid().toLowerCase() })

/** Who has read it and who has not; those first. */
export const Receipts = z.object({
  announcement: SentAnnouncement,
  receipts: z.array(
    z.object({
      personId: PersonId,
      name: z.string(),
      department: z.string(),
      readAt: Millis.nullable(),
      remindedAt: Millis.nullable(),
    }),
  ),
})
export type Receipts = z.infer<typeof Receipts>

/** Of how many was asked to read it again. */
export const Reminded = z.object({ reminded: z.number().int() })
