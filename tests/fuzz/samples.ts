import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { Table } from './files.ts'

// Real inputs of every parser: what phones, trackers, WeCom and other systems send and export.

export const NOW = Date.parse('2026-11-24T03:00:00Z')
const data = path.resolve(import.meta.dirname, '../../fixtures/data')

const Cases = z.object({
  cases: z.array(z.object({ request: z.looseObject({ body: z.unknown().optional() }) })),
})
/** Bodies that the documentation of a client shows, or that it was seen to send. */
export const bodiesOf = (client: string): readonly unknown[] =>
  Cases.parse(JSON.parse(readFileSync(path.join(data, `clients/${client}.json`), 'utf8')))
    .cases.map(({ request }) => request.body)
    .filter((body) => body !== undefined && body !== null && body !== '')

export const FIX = { id: '0199e0b2-0000-7000-8000-000000000001', at: NOW - 5000, lng: 114.06, lat: 22.54, datum: 'gcj02', accuracy: 12, speed: 1.2, heading: 90, altitude: 3, battery: 80, network: 'wifi', mock: false, source: 'h5' } // prettier-ignore
const SILENCE = { id: '0199e0b2-0000-7000-8000-000000000002', from: NOW - 60_000, to: NOW - 5000, reason: 'gps_off' } // prettier-ignore
export const BATCH = { sentAt: NOW, device: 'phone', fixes: [FIX, { ...FIX, at: NOW }], silences: [SILENCE] } // prettier-ignore

const callback = (type: string, more: string) =>
  `<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[rep1]]></FromUserName><CreateTime>1764000000</CreateTime><MsgType><![CDATA[${type}]]></MsgType>${more}<AgentID>1</AgentID></xml>`
export const CALLBACKS = [
  callback('event', '<Event><![CDATA[LOCATION]]></Event><Latitude>22.54</Latitude><Longitude>114.06</Longitude><Precision>30</Precision>'), // prettier-ignore
  callback('location', '<Location_X>22.54</Location_X><Location_Y>114.06</Location_Y><Scale>16</Scale><Label><![CDATA[市民中心]]></Label><MsgId>1234567890123456</MsgId>'), // prettier-ignore
  callback('event', '<Event><![CDATA[change_contact]]></Event><ChangeType>update_user</ChangeType><UserID>rep1</UserID><Department><![CDATA[1,2]]></Department>'), // prettier-ignore
  callback('event', '<Event><![CDATA[template_card_event]]></Event><EventKey>approve</EventKey><TaskId>0199e0b2-0000-7000-8000-000000000001</TaskId><ResponseCode>x</ResponseCode>'), // prettier-ignore
  callback('event', '<Event><![CDATA[sys_approval_change]]></Event><ApprovalInfo><SpNo>202611240001</SpNo><SpStatus>2</SpStatus><TemplateId>t</TemplateId><ApplyTime>1764000000</ApplyTime><Applyer><UserId>rep1</UserId></Applyer><StatuChangeEvent>2</StatuChangeEvent></ApprovalInfo>'), // prettier-ignore
]
export const ENVELOPE = '<xml><ToUserName><![CDATA[ww1]]></ToUserName><AgentID><![CDATA[1]]></AgentID><Encrypt><![CDATA[aGVsbG8gd29ybGQ=]]></Encrypt></xml>' // prettier-ignore
export const REC = '2026-11-24T02:00:00Z\t*                 \t{"_type":"location","lat":22.54,"lon":114.06,"tst":1795485600,"acc":12,"batt":80,"vel":3,"tid":"zj"}\n2026-11-24T02:00:10Z\tlwt\t{"_type":"lwt","tst":1795485610}\n' // prettier-ignore
export const TRACCAR = '[{"id":1,"deviceId":7,"protocol":"osmand","fixTime":"2026-11-24T02:00:00.000+00:00","valid":true,"latitude":22.54,"longitude":114.06,"altitude":3,"speed":1.9,"course":90,"accuracy":12,"attributes":{"batteryLevel":80}}]' // prettier-ignore
export const TRACCAR_CSV = 'id,deviceId,fixTime,valid,latitude,longitude,altitude,speed,course,accuracy,attributes\n1,7,2026-11-24 02:00:00,true,22.54,114.06,3,1.9,90,12,"{""batteryLevel"":80}"\n' // prettier-ignore
export const GPX = '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="a" xmlns="http://www.topografix.com/GPX/1/1"><metadata><name>&amp;b</name></metadata><trk><trkseg><trkpt lat="22.54" lon="114.06"><ele>3</ele><time>2026-11-24T02:00:00Z</time></trkpt><trkpt lat="22.55" lon="114.07"><time>2026-11-24T02:00:10Z</time><extensions><speed>1.2</speed></extensions></trkpt></trkseg></trk></gpx>' // prettier-ignore

/** A table of each kind that is taken in, by the parser's name. */
export const TABLES = {
  customers: [
    [
      ['客户名称', '地址', '编号', '电话', '等级', '标签', '联系人', '经度', '纬度', '半径', '负责人', '部门', '备注'], // prettier-ignore
      ['福田药房', '深圳市福田区', 'C001', '0755-1234567', 'A', '药店，连锁', '李四', '114.06', '22.54', '100', '张三', '南区', 'x'], // prettier-ignore
      ['南山药房', '深圳市南山区', 'C002', '13800000000', '乙', '', '', '113.93', '22.53', '', '', '', ''], // prettier-ignore
    ],
  ],
  rosters: [
    [
      ['账号', '姓名', '1', '2', '2026-11-03'],
      ['rep1', '张三', '早班', '休', '早班'],
    ],
  ],
  grants: [
    [['账号', '姓名', '假期', '天数', '生效日期', '失效日期', '理由'], ['rep1', '张三', '年假', '5', '2026-01-01', '2026/12/31', '']], // prettier-ignore
  ],
  punches: [
    [
      ['账号', '姓名', '打卡时间', '设备', '流水号'],
      ['rep1', '张三', '2026-11-24 09:00:01', '前台', '1'],
    ],
  ],
  dingtalk: [
    [
      ['姓名', '部门', 'UserId', '考勤日期', '考勤时间', '打卡时间', '打卡结果', '打卡地址'],
      ['张三', '北区', 'rep1', '26-11-24 星期二', '2026-11-24 09:00', '2026-11-24 08:58', '正常', '公司'], // prettier-ignore
      ['张三', '北区', 'rep1', '26-11-24 星期二', '2026-11-24 18:00', '', '缺卡', ''],
    ],
  ],
  wecomPunches: [
    [
      ['日期', '姓名', '账号', '打卡类型', '打卡时间', '打卡状态', '打卡地点'],
      ['2026/11/24 星期二', '张三', 'rep1', '上班打卡', '08:58', '正常', '公司'],
      ['2026/11/24 星期二', '张三', 'rep1', '下班打卡', '未打卡', '缺卡', ''],
    ],
  ],
  employments: [
    [
      ['账号', '姓名', '入职日期', '离职日期'],
      ['rep1', '张三', '2020年1月1日', '-'],
    ],
  ],
  payslips: [
    [
      ['账号', '姓名', '基本工资', '提成', '实发'],
      ['rep1', '张三', '8000.00', '1,200', '9200'],
    ],
  ],
} satisfies Record<string, readonly Table[]>
