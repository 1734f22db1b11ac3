export const zh = {
  state: {
    waiting: '排队中',
    running: '进行中',
    done: '完成',
    failed: '失败',
    cancelled: '已取消',
  },
  of: '{done} / {total}',
  leave: '可以离开这一页，回来再看',
  cancel: '停止',
  file: '下载文件',
}

export const en: typeof zh = {
  state: {
    waiting: 'Waiting',
    running: 'Running',
    done: 'Done',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
  of: '{done} of {total}',
  leave: 'You may leave this page and come back',
  cancel: 'Stop',
  file: 'Download the file',
}
