import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCallback as read } from '../../backend/wecom/events/index.ts'
import file from '../../fixtures/data/wecom-callback-vectors.json' with { type: 'json' }

const AT = 1_571_732_272_000
const event = (body: string, from = 'rep1') =>
  `<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>1571732272</CreateTime><MsgType><![CDATA[event]]></MsgType>${body}</xml>`
const heardOf = (text: string) => read(text)?.event
const vectorText = (id: string) =>
  file.vectors.find((vector) => vector.id === id)?.plaintext ?? 'no such vector'

test('a LOCATION event is a position with its radius', () => {
  expect(heardOf(vectorText('sim-location-event'))).toEqual({
    kind: 'location',
    heard: {
      userId: 'zhangsan',
      at: 1_700_000_000_000,
      lat: 23.104105,
      lng: 113.320107,
      accuracy: 65,
      from: 'event',
      label: null,
    },
  })
})

test('a location message: X is the latitude, Y the longitude', () => {
  const reading = read(vectorText('sim-location-message'))
  expect(reading?.event).toEqual({
    kind: 'location',
    heard: {
      userId: 'zhangsan',
      at: 1_700_000_001_000,
      lat: 23.134521,
      lng: 113.358803,
      accuracy: null,
      from: 'message',
      label: '广州市海珠区客村艺苑路 106号',
    },
  })
  expect(reading?.key).toBe('message 7300000000000000001') // above 2^53, exact
})

test('a place picked from the menu', () => {
  expect(heardOf(vectorText('sim-location-select'))).toMatchObject({
    kind: 'location_select',
    heard: { key: 'CHECKIN_HERE', lat: 23, lng: 113, label: '广州市海珠区客村艺苑路 106号' },
  })
})

test.each(['enter_agent', 'subscribe', 'unsubscribe'])('%s names its member', (kind) => {
  expect(heardOf(event(`<Event>${kind}</Event><EventKey></EventKey>`))).toEqual({
    kind,
    heard: { userId: 'rep1', at: AT },
  })
})

test.each(['click', 'CLICK', 'view', 'VIEW'])(
  '%s carries its key, however it is written',
  (name) => {
    const heard = heardOf(event(`<Event>${name}</Event><EventKey><![CDATA[go?a=1&b]]></EventKey>`))
    expect(heard).toMatchObject({ kind: name.toLowerCase(), heard: { key: 'go?a=1&b' } })
  },
)

test.each(['Opiton', 'Option'])('a card’s choices, spelt %s', (spelling) => {
  const id = (text: string) => `<${spelling}Id><![CDATA[${text}]]></${spelling}Id>`
  const items = `<SelectedItem><QuestionKey>q1</QuestionKey><${spelling}Ids>${id('a')}${id('b')}</${spelling}Ids></SelectedItem>`
  const body = `<Event>template_card_event</Event><EventKey>key111</EventKey><TaskId>task-1</TaskId><CardType>vote_interaction</CardType><ResponseCode>R</ResponseCode><SelectedItems>${items}</SelectedItems>`
  expect(heardOf(event(body))).toEqual({
    kind: 'template_card_event',
    heard: {
      userId: 'rep1',
      at: AT,
      key: 'key111',
      taskId: 'task-1',
      cardType: 'vote_interaction',
      responseCode: 'R',
      choices: [{ question: 'q1', options: ['a', 'b'] }],
    },
  })
})

const change = (type: string, body: string) =>
  heardOf(event(`<Event>change_contact</Event><ChangeType>${type}</ChangeType>${body}`, 'sys'))

test('a new member with all that may be told', () => {
  const body =
    '<UserID>zhangsan</UserID><Name>张三</Name><Department>1,2,3</Department><MainDepartment>2</MainDepartment><IsLeaderInDept>1,0,1</IsLeaderInDept><DirectLeader>lisi,wangwu</DirectLeader><Position>产品经理</Position><Status>1</Status>'
  expect(change('create_user', body)).toMatchObject({
    kind: 'change_contact',
    heard: {
      change: {
        type: 'create_user',
        userId: 'zhangsan',
        name: '张三',
        departments: [1, 2, 3],
        mainDepartment: 2,
        leads: [1, 3],
        directLeaders: ['lisi', 'wangwu'],
        position: '产品经理',
        status: 1,
      },
    },
  })
})

test('a changed member names what changed and nothing else', () => {
  expect(change('update_user', '<UserID>a</UserID><NewUserID>b</NewUserID>')).toMatchObject({
    heard: {
      change: {
        type: 'update_user',
        userId: 'a',
        newUserId: 'b',
        departments: undefined,
        leads: undefined,
        directLeaders: undefined,
      },
    },
  })
  expect(change('update_user', '<UserID>a</UserID><DirectLeader></DirectLeader>')).toMatchObject({
    heard: { change: { directLeaders: [] } },
  })
})

test('members that leave, departments that come, change and go', () => {
  expect(heardOf(vectorText('sim-change-contact-delete-user'))).toMatchObject({
    heard: { userId: 'sys', change: { type: 'delete_user', userId: 'zhangsan' } },
  })
  const party = '<Id>2</Id><Name>张三</Name><ParentId>1</ParentId><Order>4294967295</Order>'
  expect(change('create_party', party)).toMatchObject({
    heard: { change: { type: 'create_party', departmentId: 2, parentId: 1, sort: 4_294_967_295 } },
  })
  expect(change('update_party', '<Id>2</Id><ParentId>1</ParentId>')).toMatchObject({
    heard: { change: { departmentId: 2, name: undefined, parentId: 1 } },
  })
  expect(change('delete_party', '<Id>2</Id>')).toMatchObject({
    heard: { change: { type: 'delete_party', departmentId: 2 } },
  })
})

test('an application in WeCom’s approvals', () => {
  const info =
    '<SpNo>201910220003</SpNo><SpName>请假</SpName><SpStatus>2</SpStatus><TemplateId>3Tka</TemplateId><ApplyTime>1571728713</ApplyTime><Applyer><UserId>WuJunJie</UserId><Party>1</Party></Applyer><StatuChangeEvent>2</StatuChangeEvent>'
  const text = event(
    `<Event>sys_approval_change</Event><ApprovalInfo>${info}</ApprovalInfo>`,
    'sys',
  )
  expect(heardOf(text)).toMatchObject({
    kind: 'sys_approval_change',
    heard: {
      approval: {
        number: '201910220003',
        title: '请假',
        applicant: 'WuJunJie',
        appliedAt: 1_571_728_713_000,
        status: 'approved',
        step: 'approved',
      },
    },
  })
})

test.each([
  ['event/open_approval_change', event('<Event>open_approval_change</Event>')],
  [
    'event/change_contact/update_tag',
    event('<Event>change_contact</Event><ChangeType>update_tag</ChangeType><TagId>1</TagId>'),
  ],
  ['event/__proto__', event('<Event>__proto__</Event>')],
  ['event/nameless', event('<Event>a b</Event>')],
  ['event/nameless', event('')],
  ['message/text', event('').replace('<![CDATA[event]]>', 'text')],
])('%s is read as far as it goes', (name, text) => {
  expect(read(text)).toMatchObject({ name, event: null, told: { userId: 'rep1', at: AT } })
})

test.each([
  '<Event>LOCATION</Event><Latitude>91</Latitude><Longitude>113</Longitude>',
  '<Event>LOCATION</Event><Latitude>NaN</Latitude><Longitude>113</Longitude>',
  '<Event>LOCATION</Event><Latitude>23</Latitude>',
  '<Event>LOCATION</Event><Latitude>0x17</Latitude><Longitude>1e2</Longitude>',
  '<Event>change_contact</Event><ChangeType>delete_user</ChangeType>',
  '<Event>change_contact</Event><ChangeType>delete_party</ChangeType><Id>-1</Id>',
  '<Event>sys_approval_change</Event>',
  '<Event>template_card_event</Event>',
])('without what it must have it is no event of its kind: %s', (body) => {
  expect(read(event(body))).toMatchObject({ event: null })
})

test('a precision of 0 says nothing', () => {
  const place = '<Event>LOCATION</Event><Latitude>23</Latitude><Longitude>113</Longitude>'
  expect(heardOf(event(`${place}<Precision>0</Precision>`))).toMatchObject({
    heard: { accuracy: null },
  })
})

test.each([
  ['no sender', '<xml><CreateTime>1</CreateTime><MsgType>event</MsgType></xml>'],
  ['no time', '<xml><FromUserName>a</FromUserName><MsgType>event</MsgType></xml>'],
  [
    'a time of another age',
    '<xml><FromUserName>a</FromUserName><CreateTime>99999999999</CreateTime><MsgType>event</MsgType></xml>',
  ],
  ['no type', '<xml><FromUserName>a</FromUserName><CreateTime>1</CreateTime></xml>'],
])('%s: no callback', (_name, text) => {
  expect(read(text)).toBeNull()
})

test('the same content in another order has the same key, other content another', () => {
  const one = read(event('<Event>click</Event><EventKey>a</EventKey>'))
  const two = read(event('<EventKey><![CDATA[a]]></EventKey>\n<Event>click</Event>'))
  const three = read(event('<Event>click</Event><EventKey>b</EventKey>'))
  expect(one?.key).toBe(two?.key)
  expect(one?.key).not.toBe(three?.key)
})

test('of two members deleted in the same second each has a key', () => {
  const keyOf = (id: string) =>
    read(
      event(
        `<Event>change_contact</Event><ChangeType>delete_user</ChangeType><UserID>${id}</UserID>`,
        'sys',
      ),
    )?.key
  expect(keyOf('a')).not.toBe(keyOf('b'))
})

test('nothing makes the reading throw', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '</',
    '/>',
    'xml',
    '<![CDATA[',
    ']]>',
    '<!',
    '<?',
    '&',
    ';',
    '"',
    '=',
    ' ',
    'a',
    '\u0001',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => void read(pieces.join(''))),
    { numRuns: 2_000 },
  )
  const names = fc.constantFrom(
    'FromUserName',
    'CreateTime',
    'MsgType',
    'Event',
    'ChangeType',
    'Latitude',
    'Longitude',
    'UserID',
    'Department',
    'SelectedItems',
    'ApprovalInfo',
  )
  const values = fc.constantFrom(
    'event',
    'location',
    '1',
    '23.5',
    'sys',
    'change_contact',
    'LOCATION',
    '1,2,,x',
    '<a/>',
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(names, values), { maxLength: 12 }), (fields) => {
      read(`<xml>${fields.map(([name, value]) => `<${name}>${value}</${name}>`).join('')}</xml>`)
    }),
    { numRuns: 2_000 },
  )
})
