export const zh = {
  title: '帮助',
  hint: '按角色查看；没有网络时也能看看过的图和全部文字。',
  yours: '你的角色',
  search: '在全部指南里搜索',
  found: '{n} 处',
  none: '没有找到，换个词试试',
  contents: '目录',
  print: '打印',
  other: 'English',
  open: '打开足迹',
  home: '全部指南',
  anchor: '“{title}”的链接',
  guide: {
    rep: { title: '外勤人员', what: '上报、签到、计划、考勤、申请、隐私' },
    supervisor: { title: '主管', what: '实时、回放、预警、复核、团队、审批、计划、公告' },
    hr: { title: '人事', what: '规则、排班、月表、确认、锁定、导出、工资条' },
    admin: { title: '管理员', what: '接入企业微信、人员、客户、规则、推送、离职、升级' },
    data: { title: '数据清单', what: '有哪些个人数据、为什么、谁能看、留多久' },
  },
}

export const en: typeof zh = {
  title: 'Help',
  hint: 'By role. Without a network all texts can be read, and the pictures you have seen.',
  yours: 'Your role',
  search: 'Search all guides',
  found: '{n} found',
  none: 'Nothing found. Try another word.',
  contents: 'Contents',
  print: 'Print',
  other: '中文',
  open: 'Open Zuji',
  home: 'All guides',
  anchor: 'Link to “{title}”',
  guide: {
    rep: { title: 'Field staff', what: 'Reporting, check-in, plan, attendance, requests, privacy' },
    supervisor: {
      title: 'Supervisors',
      what: 'Live map, replay, alerts, reviews, team, approvals, plans, announcements',
    },
    admin: {
      title: 'Administrators',
      what: 'WeCom, people, customers, rules, webhooks, leavers, upgrades',
    },
    data: { title: 'Data map', what: 'What is kept of people, what for, who sees it, how long' },
    hr: { title: 'HR', what: 'Rules, roster, month, confirmations, locking, export, payslips' },
  },
}
