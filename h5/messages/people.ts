export const zh = {
  title: '团队',
  refresh: '刷新',
  day: '团队日报',
  search: '姓名、客户、部门',
  nobody: '你的部门里还没有人。通讯录同步之后，这里会出现你带的人。',
  noMatch: '没有符合条件的人。换个词，或去掉一个条件。',
  more: '另 {n} 人',
}

export const en: typeof zh = {
  title: 'Team',
  refresh: 'Refresh',
  day: 'Team day',
  search: 'Name, customer, department',
  nobody:
    'Nobody is in your departments yet. After the contacts are synchronised your people show here.',
  noMatch: 'Nobody matches. Try another word, or leave one condition out.',
  more: '{n} more',
}
