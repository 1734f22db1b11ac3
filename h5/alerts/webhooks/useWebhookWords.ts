import { useI18n } from 'vue-i18n'
import type { DeadLetter, Webhook } from '../../../backend/contract/webhooks.ts'
import type { z } from 'zod'
import { dayOfYear, timeOfDay } from '../../core/format.ts'
import { useSession } from '../../core/session.ts'

/** What there is to say of deliveries. */
export function useWebhookWords() {
  const { t } = useI18n()
  const session = useSession()
  const zone = () => session.me?.zone ?? 'Asia/Shanghai'
  const when = (at: number) => `${dayOfYear(at, zone())} ${timeOfDay(at, zone())}`
  const why = ({ reason, status }: Pick<DeadLetter, 'reason' | 'status'>) =>
    reason === null ? '' : t(`webhooks.reason.${reason}`, { status: status ?? '' })
  return {
    when,
    why,
    /** As `silent · came up`. */
    what: ({ kind, type }: Pick<DeadLetter, 'kind' | 'type'>) =>
      [kind && t(`alerts.name.${kind}`), t(`webhooks.type.${type.replace('alert.', '')}`)]
        .filter(Boolean)
        .join(' · '),
    standing: ({ deliveredAt, waiting, last }: z.infer<typeof Webhook>) =>
      [
        deliveredAt === null ? t('webhooks.never') : t('webhooks.delivered', { at: when(deliveredAt) }), // prettier-ignore
        waiting > 0 ? t('webhooks.waiting', { n: waiting }) : '',
        last ? why(last) : '',
      ]
        .filter((each) => each !== '')
        .join(' · '),
  }
}
