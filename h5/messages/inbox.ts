export const zh = {
  title: '消息',
  all: '全部消息',
  ofCard: '这张卡片里的 {n} 条消息',
  empty: '还没有消息。审批、预警和公司公告会出现在这里。',
  more: '更早的消息',
  delivery: {
    waiting: '等待发送',
    unreachable: '企业微信中未送达',
    failed: '发送失败',
  },
  topic: {
    alert: '预警',
    approval: '审批',
    attendance: '考勤',
    report: '报告',
    notice: '通知',
  },
}

export const en: typeof zh = {
  title: 'Messages',
  all: 'All messages',
  ofCard: 'The {n} messages of this card',
  empty: 'No messages yet. Approvals, alerts and announcements show here.',
  more: 'Earlier messages',
  delivery: {
    waiting: 'Waiting to be sent',
    unreachable: 'Could not reach you in WeCom',
    failed: 'Could not be sent',
  },
  topic: {
    alert: 'Alert',
    approval: 'Approval',
    attendance: 'Attendance',
    report: 'Report',
    notice: 'Notice',
  },
}
