// Starts the page.
import { createApp } from 'vue'
import App from './App.vue'
import { i18n } from './i18n'
import { router } from './router'
import { applyTheme, readTheme } from './ui/theme'
import './style.css'

applyTheme(readTheme())
createApp(App).use(i18n).use(router).mount('#app')
