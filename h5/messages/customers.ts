export const zh = {
  title: '客户',
  search: '搜索名称或地址',
  near: '离我最近',
  empty: '附近没有客户',
  noMatch: '没有符合的客户',
  needPosition: '取到位置后，按距离列出客户',
  inside: '在范围内',
  cannot_tell: '可能在范围内',
  tier: '{tier} 类',
}

export const en: typeof zh = {
  title: 'Customers',
  search: 'Search name or address',
  near: 'Nearest first',
  empty: 'No customer near here',
  noMatch: 'No customer matches',
  needPosition: 'Customers are listed by distance once your position is known',
  inside: 'inside',
  cannot_tell: 'perhaps inside',
  tier: 'tier {tier}',
}
