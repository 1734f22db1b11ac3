export const zh = {
  title: '团队',
  refresh: '刷新',
  day: '团队日报',
  search: '姓名、客户、部门',
  nobody: '你的部门里还没有人',
  noMatch: '没有符合条件的人',
  more: '另 {n} 人',
}

export const en: typeof zh = {
  title: 'Team',
  refresh: 'Refresh',
  day: 'Team day',
  search: 'Name, customer, department',
  nobody: 'Nobody in your departments yet',
  noMatch: 'Nobody matches',
  more: '{n} more',
}
