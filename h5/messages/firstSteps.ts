export const zh = {
  title: '从零到第一次签到',
  what: '每一步都按系统里已有的数据判断是否完成；不需要的可以跳过，顺序也可以不同。',
  progress: '已完成 {done} / {all}',
  state: { done: '已完成', todo: '待完成', skipped: '已跳过' },
  count: '现有 {n}',
  skip: '跳过',
  unskip: '还是要做',
  step: {
    company: {
      title: '公司',
      text: '在服务器上填写企业ID和应用的密钥并重启：公司随企业微信的名称建立，与演示数据分开。',
      go: '看填什么',
    },
    wecom: {
      title: '企业微信',
      text: '按步骤接入企业微信，直到通讯录第一次同步完成。',
      go: '接入企业微信',
    },
    people: {
      title: '人员',
      text: '把外勤人员加进应用的可见范围，再同步通讯录；人事和管理员用命令任命。',
      go: '同步通讯录',
    },
    customers: {
      title: '客户',
      text: '上传客户表格，先试运行看每一行的错误，再导入。',
      go: '导入客户',
    },
    workplace: {
      title: '上班地点',
      text: '加上大家打卡的地点和范围，有 Wi-Fi 的也写上。',
      go: '添加地点',
    },
    shift: {
      title: '班次与规则',
      text: '在没有规则之前按 9:00–18:00、中国工作日计算；请人事登录，到“规则”里按公司的实际班次保存一次。',
      go: '看怎么设规则',
    },
    checkin: {
      title: '第一次签到',
      text: '请一位外勤人员在手机企业微信的工作台打开足迹，同意说明，到客户那里点“签到”。',
      go: '看他会看到什么',
    },
  },
  demo: {
    title: '演示数据',
    what: '演示公司还有 {people} 个人和 {customers} 家客户，以及他们的轨迹、签到、考勤和申请。',
    keeps:
      '删除后不能恢复，也不会再生成。真实的人、客户、设置和签到都不动，真人去过的演示客户也留着；签到链仍然可以校验。',
    type: '要删除，请输入 {word}',
    act: '删除演示数据',
    again: '继续删除',
    gone: '演示数据已删除',
  },
}

export const en: typeof zh = {
  title: 'From nothing to the first check-in',
  what: 'What is done is told from the data that is here. Skip what you do not need; the order is yours.',
  progress: '{done} of {all} done',
  state: { done: 'Done', todo: 'To do', skipped: 'Skipped' },
  count: '{n} so far',
  skip: 'Skip',
  unskip: 'Do it after all',
  step: {
    company: {
      title: 'Company',
      text: 'Set the corp id and the app’s secret on the server and restart it: the company is made with WeCom’s name, apart from the demo.',
      go: 'What to set',
    },
    wecom: {
      title: 'WeCom',
      text: 'Go through the steps with WeCom until its directory has been read for the first time.',
      go: 'Set up WeCom',
    },
    people: {
      title: 'People',
      text: 'Put field staff into the visible range of the app and read the directory again; HR and admins are appointed by a command.',
      go: 'Read the directory',
    },
    customers: {
      title: 'Customers',
      text: 'Upload a sheet of customers; a dry run shows the errors of each row before anything is kept.',
      go: 'Import customers',
    },
    workplace: {
      title: 'Workplace',
      text: 'Add where people punch, with its radius, and its Wi-Fi where there is one.',
      go: 'Add a place',
    },
    shift: {
      title: 'Shift and rules',
      text: 'Without rules of your own, days count as 9:00–18:00 on Chinese workdays. Let HR sign in and save the company’s shifts once under “Rules”.',
      go: 'How to set rules',
    },
    checkin: {
      title: 'First check-in',
      text: 'Let somebody in the field open Zuji from WeCom’s workbench on the phone, agree, and press “Check in” at a customer.',
      go: 'What they will see',
    },
  },
  demo: {
    title: 'Demo data',
    what: 'The demo company still has {people} people and {customers} customers, with their tracks, check-ins, attendance and requests.',
    keeps:
      'Removed is removed: it does not come back. Real people, customers, settings and check-ins are not touched, nor are demo customers that somebody real has been at, and the chain of check-ins can still be verified.',
    type: 'To remove it, type {word}',
    act: 'Remove the demo data',
    again: 'Go on removing',
    gone: 'The demo data is gone',
  },
}
