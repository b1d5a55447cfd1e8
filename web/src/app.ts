// The page itself, in place of the shell that stands in index.html.
import { createApp } from 'vue'
import App from './App.vue'
import { followLaunches } from './download/launch'
import { startWorker } from './download/worker'
import { needTexts } from './i18n'
import { watchParts } from './lost-part'
import { router } from './router'
import { giveUp, stands } from './shell'
import './first.css'

/** The shell stands until there is something to show in its place. */
async function start(): Promise<void> {
  startWorker()
  watchParts(router)
  const app = createApp(App).use(router)
  await Promise.all([needTexts('start'), router.isReady()])
  app.mount('#app')
  stands()
  followLaunches((path) => void router.push(path))
}

start().catch(() => giveUp())
