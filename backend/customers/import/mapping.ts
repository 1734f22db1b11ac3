import type { Mapping } from '../../contract/customerImport.ts'
import type { CustomField } from '../../contract/customerSettings.ts'

type Field = Mapping[number]

/** Headings as people write them, in Chinese and English, without spaces, marks and case. */
const WORDS: readonly [Field, RegExp][] = [
  [
    'name',
    /^(客户|门店|店铺|终端|公司|企业|商户|网点)?(名称|名|全称)$|^客户$|^(customer|store|shop|company|account)?name$|^customer$/,
  ],
  [
    'code',
    /^(客户|门店|终端|商户|网点)?(编码|编号|代码|id)$|^(customer|store|shop|account)?(code|no|number|id)$|^externalid$/,
  ],
  ['address', /^(客户|门店|详细|拜访|所在)?地址$|^(street)?address$|^location$/],
  ['contact', /^(主要|客户)?联系人(姓名)?$|^(店主|老板)(姓名)?$|^contact(name|person)?$/],
  ['contactPhone', /^联系人(手机|电话|手机号|联系方式)$|^contact(phone|mobile|tel)$/],
  [
    'phone',
    /^(客户|门店|联系|公司)?(电话|手机|手机号|手机号码|电话号码|座机|联系方式)$|^(tele)?phone(number)?$|^(tel|mobile)$/,
  ],
  ['tier', /^(客户)?(等级|级别|分级|分类等级)$|^(tier|level|grade|class)$/],
  ['tags', /^(客户)?标签$|^tags?$|^labels?$/],
  [
    'owner',
    /^(负责|归属|跟进|所属|业务)(人|员|人员|业务员|人姓名|人账号)$|^(业务员|销售|销售员|客户经理)$|^(owner|rep|salesrep|assignee)$/,
  ],
  ['department', /^(所属|归属)?(部门|区域|大区|片区)$|^(department|team|region)$/],
  ['lngLat', /^(经纬度|坐标|定位|位置坐标)$|^(coordinates?|lnglat|lonlat|position)$/],
  ['lng', /^(地址|位置)?经度$|^(lng|lon|long|longitude|x)$/],
  ['lat', /^(地址|位置)?纬度$|^(lat|latitude|y)$/],
  ['radius', /^(签到|打卡|定位)?(半径|范围)(米|m)?$|^radius(m)?$/],
  ['note', /^(备注|说明|描述)(信息)?$|^(notes?|remarks?|comments?|description)$/],
]

const bare = (heading: string) =>
  heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s*_:\-()（）【】[\]/.#]+/g, '')

/** What each column holds, as far as its heading says; the first of two of a kind. */
export function guessMapping(headings: readonly string[], fields: readonly CustomField[]): Mapping {
  const own = new Map(
    fields.flatMap(({ key, label }): [string, Field][] => [
      [bare(label), `custom.${key}`],
      [bare(key), `custom.${key}`],
    ]),
  )
  const taken = new Set<Field>()
  return headings.map((heading) => {
    const text = bare(heading)
    const field = own.get(text) ?? WORDS.find(([, words]) => words.test(text))?.[0] ?? null
    if (field === null || taken.has(field)) return null
    taken.add(field)
    return field
  })
}
