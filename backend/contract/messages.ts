import { z } from 'zod'

/** What a message is about; each has its words on cards and pages. */
export const TOPICS = ['alert', 'approval', 'attendance', 'report', 'notice'] as const
export const Topic = z.enum(TOPICS)
export type Topic = z.infer<typeof Topic>

/** Whether somebody could be reached by WeCom: `unreachable` is not a member any more, or has no licence. */
export const Delivery = z.enum(['waiting', 'sent', 'unreachable', 'failed'])
export type Delivery = z.infer<typeof Delivery>

export const Message = z.object({
  id: z.uuid(),
  topic: Topic,
  title: z.string(),
  text: z.string(),
  path: z.string(), // page of ours that it leads to
  at: z.number(), // epoch ms
  delivery: Delivery,
  closed: z.string().nullable(), // what became of it, as `已批准`; null while open
})
export type Message = z.infer<typeof Message>

/** Newest first; `next` goes into `before` for the following page, null at the end. */
export const Messages = z.object({ messages: z.array(Message), next: z.string().nullable() })
export type Messages = z.infer<typeof Messages>
