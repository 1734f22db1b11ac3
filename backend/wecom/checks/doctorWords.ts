interface Words {
  what: string
  remedy: string // what to change, and where
}

const CONSOLE = '企业微信管理后台 (work.weixin.qq.com)'
const CONSOLE_EN = "WeCom's admin console (work.weixin.qq.com)"

const APP = `${CONSOLE} →「应用管理」→ 足迹这个自建应用`
const APP_EN = `${CONSOLE_EN} → 应用管理 (Apps) → the self-built app of Zuji`

/** What can be wrong, and in both languages what to change where. Menus are named as the console names them. */
export const WORDS = {
  setting: {
    zh: { what: '环境变量有误', remedy: '修改该环境变量后重新启动。' },
    en: {
      what: 'a setting is not valid',
      remedy: 'Correct this environment variable and start again.',
    },
  },
  callback_keys_malformed: {
    zh: {
      what: '回调的 Token 或 EncodingAESKey 格式不对',
      remedy: `${APP} →「接收消息」→「设置API接收」：Token 是最多 32 位字母数字，EncodingAESKey 正好 43 位；整段复制到环境变量，不要带空格或引号。`,
    },
    en: {
      what: 'Token or EncodingAESKey of a callback is malformed',
      remedy: `${APP_EN} → 接收消息 (Receive messages) → 设置API接收: the Token has up to 32 letters and digits, the EncodingAESKey exactly 43. Copy them whole, without blanks or quotes.`,
    },
  },
  database: {
    zh: {
      what: '数据库不可用',
      remedy:
        '检查 DATABASE_URL、数据库是否运行、是否装有 PostGIS；内置数据库请检查 DATA_DIR 可写且未被别的进程占用。',
    },
    en: {
      what: 'the database can not be used',
      remedy:
        'Check DATABASE_URL, that the database runs and has PostGIS; for the embedded one that DATA_DIR can be written and no other process uses it.',
    },
  },
  migrations: {
    zh: {
      what: '数据库结构不是这个版本',
      remedy: '运行 npm run zuji -- migrate，或重新启动服务。',
    },
    en: {
      what: 'the database is not at this version',
      remedy: 'Run npm run zuji -- migrate, or start the server anew.',
    },
  },
  not_https: {
    zh: {
      what: 'PUBLIC_URL 不是 https',
      remedy:
        '企业微信的网页授权和 JS-SDK 定位需要 https：为域名配置证书（反向代理即可），把 PUBLIC_URL 改为 https://你的域名。',
    },
    en: {
      what: 'PUBLIC_URL is not https',
      remedy:
        "WeCom's sign-in and the location of its JS-SDK need https: give the domain a certificate (a reverse proxy will do) and set PUBLIC_URL to https://your.domain.",
    },
  },
  not_reachable: {
    zh: {
      what: 'PUBLIC_URL 上没有足迹在应答',
      remedy:
        '检查域名解析、反向代理和防火墙，确认服务正在运行；从这台服务器执行 curl PUBLIC_URL/healthz 应得到 {"ok":true}。',
    },
    en: {
      what: 'no Zuji answers at PUBLIC_URL',
      remedy:
        'Check DNS, reverse proxy and firewall, and that the server runs: curl PUBLIC_URL/healthz from this machine should say {"ok":true}.',
    },
  },
  wecom_unreachable: {
    zh: {
      what: '连不上企业微信接口',
      remedy:
        '检查这台服务器能否访问 https://qyapi.weixin.qq.com（DNS、出口防火墙、代理）；WECOM_API_BASE 一般不要设置。',
    },
    en: {
      what: "WeCom's API can not be reached",
      remedy:
        'Check that this machine may reach https://qyapi.weixin.qq.com (DNS, outgoing firewall, proxy). WECOM_API_BASE is usually not set.',
    },
  },
  clock: {
    zh: {
      what: '本机时钟与企业微信不一致',
      remedy:
        '打开时间同步（timedatectl set-ntp true）：时钟偏差会使 JS-SDK 签名和回调被拒绝，打卡时间也不可信。',
    },
    en: {
      what: 'the clock of this machine differs from WeCom’s',
      remedy:
        'Turn on time synchronisation (timedatectl set-ntp true): with a wrong clock page signatures and callbacks are refused, and check-in times are wrong.',
    },
  },
  corp_id: {
    zh: {
      what: '企业ID（corpid）不对',
      remedy: `${CONSOLE} →「我的企业」→「企业信息」最下方的「企业ID」，复制到 WECOM_CORP_ID。`,
    },
    en: {
      what: 'the corp id is not right',
      remedy: `${CONSOLE_EN} → 我的企业 (My company) → 企业信息, at the bottom 企业ID: copy it to WECOM_CORP_ID.`,
    },
  },
  secret: {
    zh: {
      what: '应用的 Secret 不对或已重置',
      remedy: `${APP} →「Secret」点「查看」，复制到 WECOM_SECRET（不要用通讯录同步的 Secret）。连续多次用错会被封 IP 一小时。`,
    },
    en: {
      what: "the app's secret is wrong, or was reset",
      remedy: `${APP_EN} → Secret → 查看 (view): copy it to WECOM_SECRET (not the secret of contacts sync). Too many wrong ones ban this IP for an hour.`,
    },
  },
  agent_id: {
    zh: {
      what: 'AgentId 与 Secret 不是同一个应用',
      remedy: `${APP}：页面上的 AgentId 复制到 WECOM_AGENT_ID，Secret 必须取自同一页面。`,
    },
    en: {
      what: 'agent id and secret are not of the same app',
      remedy: `${APP_EN}: copy the AgentId of that page to WECOM_AGENT_ID; the secret must be of the same page.`,
    },
  },
  app_disabled: {
    zh: { what: '应用已被停用', remedy: `${APP}：打开「启用应用」开关。` },
    en: { what: 'the app is disabled', remedy: `${APP_EN}: switch 启用应用 (enable) on.` },
  },
  ip: {
    zh: {
      what: '这台服务器的出口 IP 不在企业可信IP里',
      remedy: `${APP} →「开发者接口」→「企业可信IP」→「配置」，加入上面写出的 IP（没有写出时：这台服务器的公网出口 IP），约一分钟后生效。`,
    },
    en: {
      what: 'the outgoing IP of this machine is not allowed',
      remedy: `${APP_EN} → 开发者接口 (Developer) → 企业可信IP (Trusted IPs) → 配置: add the IP told above (where none is told: the public outgoing IP of this machine); it takes about a minute.`,
    },
  },
  untrusted_domain: {
    zh: {
      what: 'PUBLIC_URL 的域名不是这个应用的可信域名',
      remedy: `${APP} →「开发者接口」→「网页授权及JS-SDK」→「设置可信域名」，填写 PUBLIC_URL 的完整域名，并把校验文件 WW_verify_….txt 放入 DATA_DIR（或设置 WECOM_VERIFY）。`,
    },
    en: {
      what: 'the domain of PUBLIC_URL is not a trusted domain of this app',
      remedy: `${APP_EN} → 开发者接口 (Developer) → 网页授权及JS-SDK (Web authorisation and JS-SDK) → 设置可信域名: give the whole host of PUBLIC_URL, and put the file WW_verify_….txt into DATA_DIR (or set WECOM_VERIFY).`,
    },
  },
  domain_port: {
    zh: {
      what: 'PUBLIC_URL 带端口，手机定位（JS-SDK）不接受',
      remedy: `让反向代理监听 443，把 PUBLIC_URL 和 ${APP} →「开发者接口」→「网页授权及JS-SDK」里的可信域名都改为不带端口的域名。`,
    },
    en: {
      what: 'PUBLIC_URL has a port, which location on phones (JS-SDK) does not take',
      remedy: `Let the reverse proxy listen at 443, and give the host without a port both in PUBLIC_URL and in ${APP_EN} → 开发者接口 (Developer) → 网页授权及JS-SDK (Web authorisation and JS-SDK).`,
    },
  },
  visible_range: {
    zh: {
      what: '应用看不到任何部门',
      remedy: `${APP} →「可见范围」：加入使用足迹的部门（通常是整个销售部门或根部门）。`,
    },
    en: {
      what: 'the app may see no department',
      remedy: `${APP_EN} → 可见范围 (Visible range): add the departments that use Zuji.`,
    },
  },
  contacts_secret: {
    zh: {
      what: '通讯录同步的 Secret 不对',
      remedy: `${CONSOLE} →「管理工具」→「通讯录同步」→ Secret「查看」，复制到 WECOM_CONTACTS_SECRET。`,
    },
    en: {
      what: 'the secret of contacts sync is not right',
      remedy: `${CONSOLE_EN} → 管理工具 (Tools) → 通讯录同步 (Contacts sync) → Secret → 查看: copy it to WECOM_CONTACTS_SECRET.`,
    },
  },
  contacts_rights: {
    zh: {
      what: '通讯录的 Secret 没有读取权限',
      remedy: `${CONSOLE} →「管理工具」→「通讯录同步」：开启「API接口同步」，权限至少为读取，并在「企业可信IP」加入这台服务器；WECOM_CONTACTS_SECRET 必须取自这一页。`,
    },
    en: {
      what: 'the contacts secret has no right to read',
      remedy: `${CONSOLE_EN} → 管理工具 (Tools) → 通讯录同步 (Contacts sync): switch API接口同步 on, with the right to read at least, and add this machine to 企业可信IP there; WECOM_CONTACTS_SECRET must be of this page.`,
    },
  },
  attendance_rights: {
    zh: {
      what: '这个应用不能读写企业微信「打卡」（只有要同步打卡的企业才需要）',
      remedy: `${CONSOLE} →「应用管理」→「基础」→「打卡」→「API」→「可调用接口的应用」：加入足迹这个自建应用，保存后马上生效。`,
    },
    en: {
      what: "this app may not use WeCom's own attendance (only needed where Zuji is to be kept in step with it)",
      remedy: `${CONSOLE_EN} → 应用管理 (Apps) → 基础 (Basic) → 打卡 (Attendance) → API → 可调用接口的应用 (apps that may call): add the self-built app of Zuji; it holds at once.`,
    },
  },
  callback_not_loaded: {
    zh: {
      what: '正在运行的服务没有这个回调地址',
      remedy: '服务启动时还没有回调的 Token 和 EncodingAESKey：设置环境变量后重新启动。',
    },
    en: {
      what: 'the running server does not have this callback address',
      remedy:
        'It was started without Token and EncodingAESKey of this callback: set the variables and start it anew.',
    },
  },
  callback_refused: {
    zh: {
      what: '正在运行的服务不接受用本机配置签名的回调',
      remedy:
        '服务使用的 Token、EncodingAESKey 或企业ID 与当前环境变量不同：上面若有一项提示企业ID 不对，先改它；然后重新启动服务，并确认反向代理没有改写查询串。',
    },
    en: {
      what: 'the running server refuses a callback signed with these settings',
      remedy:
        'It runs with another Token, EncodingAESKey or corp id: mend the corp id first if a line above says so, then start it anew, and check that the reverse proxy leaves the query as it is.',
    },
  },
  callback_token_mismatch: {
    zh: {
      what: '企业微信发来的回调全部签名不符：Token 与后台不一致',
      remedy: `${APP} →「接收消息」→「设置API接收」（通讯录回调在「管理工具」→「通讯录同步」→「设置接收事件服务器」）：使 Token 与环境变量完全相同，保存后会立即验证。`,
    },
    en: {
      what: 'all callbacks that arrived have a wrong signature: the Token is not the one of the console',
      remedy: `${APP_EN} → 接收消息 (Receive messages) → 设置API接收 (for contacts: 管理工具 → 通讯录同步 → 设置接收事件服务器): make the Token equal to the variable; saving verifies it at once.`,
    },
  },
  callback_key_mismatch: {
    zh: {
      what: '企业微信发来的回调无法解密：EncodingAESKey 与后台不一致',
      remedy: `${APP} →「接收消息」→「设置API接收」（通讯录回调在「管理工具」→「通讯录同步」→「设置接收事件服务器」）：使 EncodingAESKey 与环境变量完全相同。`,
    },
    en: {
      what: 'callbacks that arrived can not be opened: the EncodingAESKey is not the one of the console',
      remedy: `${APP_EN} → 接收消息 (Receive messages) → 设置API接收 (for contacts: 管理工具 → 通讯录同步 → 设置接收事件服务器): make the EncodingAESKey equal to the variable.`,
    },
  },
  throttled: {
    zh: {
      what: '企业微信限制了调用频率',
      remedy: '等待一分钟到一小时后再试；检查是否有别的程序在用同一个应用频繁调用。',
    },
    en: {
      what: 'WeCom limits how often we may ask',
      remedy: 'Wait a minute to an hour; check whether another program asks with the same app.',
    },
  },
  other: {
    zh: {
      what: '企业微信拒绝了检查',
      remedy: '在 https://open.work.weixin.qq.com/devtool/query 输入该 errcode 查看原因。',
    },
    en: {
      what: 'WeCom refuses a check',
      remedy: 'Look this errcode up at https://open.work.weixin.qq.com/devtool/query.',
    },
  },
} as const satisfies Record<string, { zh: Words; en: Words }>

export type Ailment = keyof typeof WORDS
