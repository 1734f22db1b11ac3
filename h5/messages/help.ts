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
  },
}
