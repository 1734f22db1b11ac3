export { ENGINE_VERSION, ledgerOf } from './engine.ts'
