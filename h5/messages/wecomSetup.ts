/** What other pages say of the setup page; its own words come with it, from `setup/`. */
export const zh = { title: '接入企业微信' }

export const en: typeof zh = { title: 'Set up WeCom' }
