import { i18n } from '../core/i18n.ts'
import { en } from '../messages/setup/en.ts'
import { zh } from '../messages/setup/zh.ts'

// a long guide for one admin: it comes with its page, not with everybody's first
i18n.global.mergeLocaleMessage('zh-CN', { setup: zh })
i18n.global.mergeLocaleMessage('en', { setup: en })
