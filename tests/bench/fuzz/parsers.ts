import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { DEFAULT_LEAVE } from '../../../backend/approvals/defaults.ts'
import { grantsOf } from '../../../backend/approvals/grantTable.ts'
import { punchesOf } from '../../../backend/attendance/devices/table.ts'
import { employmentsOf } from '../../../backend/attendance/employment/table.ts'
import { slipsOf } from '../../../backend/attendance/payslips/slips.ts'
import { entriesOf } from '../../../backend/attendance/rules/rosterTable.ts'
import { FixBatch } from '../../../backend/contract/fixes.ts'
import { parseJson } from '../../../backend/core/http/body.ts'
import { readSheet } from '../../../backend/core/sheets/read.ts'
import { readTable, type TextTable } from '../../../backend/core/sheets/readTable.ts'
import { LIMITS } from '../../../backend/customers/import/index.ts'
import { guessMapping } from '../../../backend/customers/import/mapping.ts'
import { readRow } from '../../../backend/customers/import/row.ts'
import { parseOsmandJson, parseOsmandQuery } from '../../../backend/fixes/clients/osmand.ts'
import { parseOverland } from '../../../backend/fixes/clients/overland.ts'
import { parseOwntracks } from '../../../backend/fixes/clients/owntracks.ts'
import { readRecorded } from '../../../backend/tracks/recorded/index.ts'
import { judge } from '../../../backend/fixes/judge.ts'
import { cutBody, isEnvelope } from '../../../backend/wecom/callback/open.ts'
import { readCallback } from '../../../backend/wecom/events/index.ts'
import { randomOf, type Random } from '../../../fixtures/random.ts'
import { parseGpx } from '../../../geo/index.ts'
import { mutatedFile, type Table } from './files.ts'
import { mutatedBytes, mutatedText, mutatedValue } from './mutate.ts'

/** A reader of what strangers send. */
interface Parser {
  /** An input made of real ones by chance. */
  make: (random: Random) => Uint8Array | Promise<Uint8Array>
  /** Whether something of it was taken; false or a Fault: it was refused. */
  run: (input: Uint8Array) => boolean | Promise<boolean>
}

const NOW = Date.parse('2026-11-24T03:00:00Z')
const data = path.resolve(import.meta.dirname, '../../../fixtures/data')

const Cases = z.object({
  cases: z.array(z.object({ request: z.looseObject({ body: z.unknown().optional() }) })),
})
const bodiesOf = (client: string): readonly unknown[] =>
  Cases.parse(JSON.parse(readFileSync(path.join(data, `clients/${client}.json`), 'utf8')))
    .cases.map(({ request }) => request.body)
    .filter((body) => body !== undefined && body !== null && body !== '')

const utf8 = (text: string) => Buffer.from(text)
const textOf = (input: Uint8Array) => Buffer.from(input).toString()

/** JSON by its structure, by its text, or by its bytes. */
function json(seeds: readonly unknown[], read: (value: unknown) => boolean): Parser {
  return {
    make: (random) => {
      let value = random.pick(seeds)
      for (let times = random.whole(1, 3); times > 0; times--) value = mutatedValue(value, random)
      const text = JSON.stringify(value) ?? ''
      if (random.chance(0.6)) return utf8(text)
      return random.chance(0.5) ? utf8(mutatedText(text, random)) : mutatedBytes(utf8(text), random)
    },
    run: (input) => read(parseJson(textOf(input))),
  }
}

function text(seeds: readonly string[], read: (text: string) => boolean): Parser {
  return {
    make: (random) => {
      let made = random.pick(seeds)
      for (let times = random.whole(1, 4); times > 0; times--) made = mutatedText(made, random)
      return random.chance(0.8) ? utf8(made) : mutatedBytes(utf8(made), random)
    },
    run: (input) => read(textOf(input)),
  }
}

const table = (seed: Table, read: (table: TextTable) => boolean): Parser => ({
  make: (random) => mutatedFile(seed, random),
  run: async (input) => read(await readTable(input)),
})

const DAY = { from: NOW - 4 * 3_600_000, to: NOW + 4 * 3_600_000 }
const GATE = { duty: [{ ...DAY, date: '2026-11-24', zone: 'Asia/Shanghai' }], consentAt: 0, countries: ['CN'] } // prettier-ignore
const FIX = { id: '0199e0b2-0000-7000-8000-000000000001', at: NOW - 5000, lng: 114.06, lat: 22.54, datum: 'gcj02', accuracy: 12, speed: 1.2, heading: 90, altitude: 3, battery: 80, network: 'wifi', mock: false, source: 'h5' } // prettier-ignore
const SILENCE = { id: '0199e0b2-0000-7000-8000-000000000002', from: NOW - 60_000, to: NOW - 5000, reason: 'gps_off' } // prettier-ignore
const BATCH = { sentAt: NOW, device: 'phone', fixes: [FIX, { ...FIX, at: NOW }], silences: [SILENCE] } // prettier-ignore

function takesBatch(value: unknown): boolean {
  const parsed = FixBatch.safeParse(value)
  if (!parsed.success) return false
  return judge(parsed.data, GATE, { receivedAt: NOW, ageMs: 7 * 86_400_000 }).fixes.length > 0
}

const callback = (type: string, more: string) =>
  `<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[rep1]]></FromUserName><CreateTime>1764000000</CreateTime><MsgType><![CDATA[${type}]]></MsgType>${more}<AgentID>1</AgentID></xml>`
const CALLBACKS = [
  callback('event', '<Event><![CDATA[LOCATION]]></Event><Latitude>22.54</Latitude><Longitude>114.06</Longitude><Precision>30</Precision>'), // prettier-ignore
  callback('location', '<Location_X>22.54</Location_X><Location_Y>114.06</Location_Y><Scale>16</Scale><Label><![CDATA[市民中心]]></Label><MsgId>1234567890123456</MsgId>'), // prettier-ignore
  callback('event', '<Event><![CDATA[change_contact]]></Event><ChangeType>update_user</ChangeType><UserID>rep1</UserID><Department><![CDATA[1,2]]></Department>'), // prettier-ignore
  callback('event', '<Event><![CDATA[template_card_event]]></Event><EventKey>approve</EventKey><TaskId>0199e0b2-0000-7000-8000-000000000001</TaskId><ResponseCode>x</ResponseCode>'), // prettier-ignore
  callback('event', '<Event><![CDATA[sys_approval_change]]></Event><ApprovalInfo><SpNo>202611240001</SpNo><SpStatus>2</SpStatus><TemplateId>t</TemplateId><ApplyTime>1764000000</ApplyTime><Applyer><UserId>rep1</UserId></Applyer><StatuChangeEvent>2</StatuChangeEvent></ApprovalInfo>'), // prettier-ignore
]
const ENVELOPE = '<xml><ToUserName><![CDATA[ww1]]></ToUserName><AgentID><![CDATA[1]]></AgentID><Encrypt><![CDATA[aGVsbG8gd29ybGQ=]]></Encrypt></xml>' // prettier-ignore
const REC = '2026-11-24T02:00:00Z\t*                 \t{"_type":"location","lat":22.54,"lon":114.06,"tst":1795485600,"acc":12,"batt":80,"vel":3,"tid":"zj"}\n2026-11-24T02:00:10Z\tlwt\t{"_type":"lwt","tst":1795485610}\n' // prettier-ignore
const TRACCAR = '[{"id":1,"deviceId":7,"protocol":"osmand","fixTime":"2026-11-24T02:00:00.000+00:00","valid":true,"latitude":22.54,"longitude":114.06,"altitude":3,"speed":1.9,"course":90,"accuracy":12,"attributes":{"batteryLevel":80}}]' // prettier-ignore
const TRACCAR_CSV = 'id,deviceId,fixTime,valid,latitude,longitude,altitude,speed,course,accuracy,attributes\n1,7,2026-11-24 02:00:00,true,22.54,114.06,3,1.9,90,12,"{""batteryLevel"":80}"\n' // prettier-ignore
const GPX = '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="a" xmlns="http://www.topografix.com/GPX/1/1"><metadata><name>&amp;b</name></metadata><trk><trkseg><trkpt lat="22.54" lon="114.06"><ele>3</ele><time>2026-11-24T02:00:00Z</time></trkpt><trkpt lat="22.55" lon="114.07"><time>2026-11-24T02:00:10Z</time><extensions><speed>1.2</speed></extensions></trkpt></trkseg></trk></gpx>' // prettier-ignore

const PERSON = { id: 'rep1', userId: 'rep1', name: '张三', zone: 'Asia/Shanghai', employed: [], shifts: [{ id: 's1', name: '早班' }] } // prettier-ignore
const people = [PERSON]
const dates = Array.from({ length: 30 }, (_, index) => `2026-11-${String(index + 1).padStart(2, '0')}`) // prettier-ignore
const known = { people: new Map([['张三', 'rep1']]), departments: new Map([['南区', 'd1']]), fields: [], datum: 'gcj02' } as const // prettier-ignore

const customers: Table = [
  ['客户名称', '地址', '编号', '电话', '等级', '标签', '联系人', '经度', '纬度', '半径', '负责人', '部门', '备注'], // prettier-ignore
  ['福田药房', '深圳市福田区', 'C001', '0755-1234567', 'A', '药店，连锁', '李四', '114.06', '22.54', '100', '张三', '南区', 'x'], // prettier-ignore
  [
    '南山药房',
    '深圳市南山区',
    'C002',
    '13800000000',
    '乙',
    '',
    '',
    '113.93',
    '22.53',
    '',
    '',
    '',
    '',
  ],
]

async function takesCustomers(input: Uint8Array): Promise<boolean> {
  let mapping: ReturnType<typeof guessMapping> | null = null
  let taken = 0
  for await (const rows of readSheet(input, LIMITS))
    for (const row of rows) {
      if (mapping === null) mapping = guessMapping(row.cells, [])
      else if ('row' in readRow(row, mapping, known)) taken++
    }
  return taken > 0
}

export const PARSERS: Readonly<Record<string, Parser>> = {
  fixes: json([BATCH], takesBatch),
  owntracks: json(bodiesOf('owntracks'), (value) => parseOwntracks(value).fixes.length > 0),
  osmandJson: json(bodiesOf('osmand'), (value) => parseOsmandJson(value, NOW).fixes.length > 0),
  osmandQuery: text(
    ['id=123&lat=22.54&lon=114.06&timestamp=1764000000&speed=3&bearing=90&altitude=3&accuracy=12&batt=80', 'deviceid=a&location=22.54,114.06&timestamp=2026-11-24 02:00:00'], // prettier-ignore
    (query) => parseOsmandQuery(new URLSearchParams(query), NOW).fixes.length > 0,
  ),
  overland: json(bodiesOf('overland'), (value) => parseOverland(value).fixes.length > 0),
  wecomXml: text(CALLBACKS, (xml) => readCallback(xml)?.event !== undefined),
  wecomEnvelope: text([ENVELOPE], (xml) => {
    const cut = cutBody(xml)
    return cut !== null && isEnvelope(cut)
  }),
  gpx: text([GPX], (xml) => {
    const parsed = parseGpx(xml, { maxPoints: 200_000 })
    return 'points' in parsed && parsed.points.length > 0
  }),
  owntracksRec: text([REC], (each) => readRecorded(each).points.length > 0),
  traccarJson: text([TRACCAR], (each) => readRecorded(each, '7').points.length > 0),
  traccarCsv: text([TRACCAR_CSV], (each) => readRecorded(each, '7').points.length > 0),
  customers: { make: (random) => mutatedFile(customers, random), run: takesCustomers },
  rosters: table(
    [
      ['账号', '姓名', '1', '2', '2026-11-03'],
      ['rep1', '张三', '早班', '休', '早班'],
    ],
    (read) => entriesOf(read, people, dates).entries.length > 0,
  ),
  grants: table(
    [['账号', '姓名', '假期', '天数', '生效日期', '失效日期', '理由'], ['rep1', '张三', '年假', '5', '2026-01-01', '2026/12/31', '']], // prettier-ignore
    (read) =>
      grantsOf(read, { people, leave: DEFAULT_LEAVE, idOf: () => FIX.id }).grants.length > 0,
  ),
  punches: table(
    [
      ['账号', '姓名', '打卡时间', '设备', '流水号'],
      ['rep1', '张三', '2026-11-24 09:00:01', '前台', '1'],
    ],
    (read) => punchesOf(read, people, NOW).punches.length > 0,
  ),
  employments: table(
    [
      ['账号', '姓名', '入职日期', '离职日期'],
      ['rep1', '张三', '2020年1月1日', '-'],
    ],
    (read) =>
      employmentsOf(read, [{ ...PERSON, personId: 'rep1', periods: [] }]).changes.length > 0,
  ),
  payslips: table(
    [
      ['账号', '姓名', '基本工资', '提成', '实发'],
      ['rep1', '张三', '8000.00', '1,200', '9200'],
    ],
    (read) => slipsOf(read, people).slips.length > 0,
  ),
}

/** The same input for the same words, on every machine. */
export async function inputOf(name: string, seed: string, index: number): Promise<Uint8Array> {
  const parser = PARSERS[name]
  if (!parser) throw new RangeError(`${name} is no parser`)
  return parser.make(randomOf('fuzz', name, seed, index))
}
