export const zh = {
  title: '接口说明',
  hint: '给公司自己的程序：用「API 密钥」作 Bearer 令牌，密钥有接口后面标出的权限才能调用。时间是毫秒数，日期按人员所在时区，坐标是 WGS-84。接口的说明是英文。',
  file: '机器可读的 OpenAPI 3.1 文件',
  search: '按地址、说明或权限搜索',
  none: '没有这样的接口',
  parameters: '参数',
  must: '必填',
  may: '可选',
  asks: '请求内容（JSON Schema）',
  answers: '回答（JSON Schema）',
}

export const en: typeof zh = {
  title: 'The interface',
  hint: 'For the company’s own programs: an API key goes as Bearer token and opens what its scopes name, which stand behind each endpoint. Times are epoch milliseconds, dates are in the person’s zone, positions are WGS-84.',
  file: 'OpenAPI 3.1, machine-readable',
  search: 'Search addresses, words and scopes',
  none: 'There is no such endpoint',
  parameters: 'Parameters',
  must: 'required',
  may: 'optional',
  asks: 'The request (JSON Schema)',
  answers: 'The answer (JSON Schema)',
}
