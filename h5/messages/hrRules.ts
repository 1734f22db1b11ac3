export { en } from './hrRules/en.ts'
export { zh } from './hrRules/zh.ts'
