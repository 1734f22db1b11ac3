export const zh = {
  label: '地图',
  attribution: '© OpenStreetMap contributors',
  controls: '地图操作',
  in: '放大',
  out: '缩小',
  locate: '到我的位置',
  notLocated: '取不到你的位置，请检查定位权限',
  noBase: '底图暂时取不到，位置仍然准确',
  customers: '{n} 家客户',
}

export const en: typeof zh = {
  label: 'Map',
  attribution: '© OpenStreetMap contributors',
  controls: 'Map controls',
  in: 'Zoom in',
  out: 'Zoom out',
  locate: 'Go to my position',
  notLocated: 'Your position cannot be found. Check the location permission.',
  noBase: 'The base map cannot be loaded now; positions are still right',
  customers: '{n} customers',
}
