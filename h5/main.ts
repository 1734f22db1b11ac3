import './core/schemas.ts' // before any schema is read
import './report/landing.ts' // reads the address before a route changes it
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n } from './core/i18n.ts'
import { followColourScheme } from './core/theme.ts'
import { keepOffline } from './offline/register.ts'
import { router } from './router.ts'
import './ui/tokens.css'
import './ui/base.css'

followColourScheme()
createApp(App).use(createPinia()).use(i18n).use(router).mount('#app')
void keepOffline()
