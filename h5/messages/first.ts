export const zh = {
  title: '新手引导',
  place: '第 {n} 张，共 {all} 张',
  skip: '跳过',
  back: '上一张',
  next: '下一张',
  done: '开始使用',
  card: {
    recorded: {
      title: '上班时才记录',
      text: '只在你的上班时段里、本页打开时，记录位置、精度和时间。锁屏、关掉页面或下班后都不记录。你同意之前什么也不收集，以后随时可以撤回。',
    },
    checkin: {
      title: '一个大按钮就够了',
      text: '到客户那里点“签到”，离开时点“签退”，在单位点“打卡”。按钮上写着它要做什么、你在不在范围内。没有网络也能点，有网络后自动上传。',
    },
    own: {
      title: '记录是你自己的',
      text: '“轨迹”里看你的每一天，不对的可以改、可以提出异议；“考勤”里看算法和理由，忘了打卡可以补卡；“我的”里看谁看过你的轨迹，并下载全部数据。',
    },
  },
}

export const en: typeof zh = {
  title: 'First steps',
  place: 'Card {n} of {all}',
  skip: 'Skip',
  back: 'Back',
  next: 'Next',
  done: 'Start',
  card: {
    recorded: {
      title: 'Recorded on duty only',
      text: 'Position, accuracy and time are recorded in your shifts, while this page is open. Nothing while the screen is locked, the page is closed, or off duty. Nothing at all before you agree, and you can withdraw at any time.',
    },
    checkin: {
      title: 'One big button',
      text: 'At a customer press “Check in”, when you leave “Check out”, at your workplace “Punch”. The button says what it will do and whether you are in range. It works without a network and sends later by itself.',
    },
    own: {
      title: 'The record is yours',
      text: '“Track” shows each of your days: correct what is wrong, or dispute it. “Attendance” shows the sums and the reasons; ask for a correction when you forgot a punch. “Me” shows who looked at your track, and gives you all your data.',
    },
  },
}
