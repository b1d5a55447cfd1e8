// Texts of the check of the deployment, in English.
import type { doctor as zh } from '../zh-CN/doctor'

export const doctor: typeof zh = {
  title: 'Check of the deployment',
  text: 'Looks at ports, certificate, clock, kernel, disk, database and SMS account before the day, and says what is wrong and what to type. It changes nothing.',
  beside: 'viva doctor on the server looks at the same.',
  look: 'Check now',
  again: 'Check again',
  all: {
    ok: 'All is well.',
    warning: 'It works, and something should be looked after.',
    wrong: 'Some people will not get in: please look after it first.',
  },
  verdicts: { ok: 'Well', warning: 'Look', wrong: 'Wrong' },
  checks: {
    settings: 'Settings',
    server: 'Running server',
    web: 'Ports of pages',
    media: 'Ports of sound and pictures',
    turn: 'Ports of TURN',
    certificate: 'Certificate',
    addresses: 'Addresses',
    proxies: 'Proxies',
    clock: 'Clock',
    kernel: 'Kernel',
    disk: 'Disk',
    database: 'Database',
    sms: 'SMS',
  },
}
