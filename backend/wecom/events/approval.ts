import { instant, integer, word } from './reading.ts'
import { textAt, type XmlElement } from '../callback/xml.ts'

/** A step of an application in WeCom's own approvals: leave, outing, business trip, missed punch. */
export interface ApprovalChange {
  number: string // SpNo, by which the API gives its whole content
  title: string
  templateId: string
  applicant: string // userid
  appliedAt: number // epoch ms
  status: ApprovalStatus
  step: ApprovalStep
}

export type ApprovalStatus =
  | 'pending'
  | 'approved'
  | 'rejected'
  | 'withdrawn'
  | 'withdrawn_after_approval'
  | 'deleted'
  | 'paid'
  | 'other'

export type ApprovalStep =
  | 'submitted'
  | 'approved'
  | 'rejected'
  | 'forwarded'
  | 'urged'
  | 'withdrawn'
  | 'withdrawn_after_approval'
  | 'commented'
  | 'other'

const STATUSES: Record<number, ApprovalStatus> = {
  1: 'pending',
  2: 'approved',
  3: 'rejected',
  4: 'withdrawn',
  6: 'withdrawn_after_approval',
  7: 'deleted',
  10: 'paid',
}

const STEPS: Record<number, ApprovalStep> = {
  1: 'submitted',
  2: 'approved',
  3: 'rejected',
  4: 'forwarded',
  5: 'urged',
  6: 'withdrawn',
  8: 'withdrawn_after_approval',
  10: 'commented',
}

/** @returns null when number, applicant or time of the application are missing. */
export function approvalChange(root: XmlElement): ApprovalChange | null {
  const of = (...path: string[]) => textAt(root, 'ApprovalInfo', ...path)
  const number = word(of('SpNo'), 64)
  const applicant = word(of('Applyer', 'UserId'), 64)
  const appliedAt = instant(of('ApplyTime'))
  if (number === null || applicant === null || appliedAt === null) return null
  return {
    number,
    title: word(of('SpName')) ?? '',
    templateId: word(of('TemplateId')) ?? '',
    applicant,
    appliedAt,
    status: STATUSES[integer(of('SpStatus')) ?? 0] ?? 'other',
    step: STEPS[integer(of('StatuChangeEvent')) ?? 0] ?? 'other', // spelt so by WeCom
  }
}
