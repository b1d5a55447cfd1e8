// Starts the page.
import { createApp } from 'vue'
import App from './App.vue'
import { installation } from './download/install'
import { followLaunches } from './download/launch'
import { startWorker } from './download/worker'
import { i18n } from './i18n'
import { router } from './router'
import { applyTheme, readTheme } from './ui/theme'
import './style.css'

applyTheme(readTheme())
installation()
startWorker()
createApp(App).use(i18n).use(router).mount('#app')
followLaunches((path) => void router.push(path))
