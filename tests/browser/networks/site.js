// A server with HTTPS and TURN on the near side of a line, and browsers on both; run within the near network.
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { Chromium, Firefox } from '../harness/browsers.js'
import { certify, profileThatTrusts } from '../harness/certificate.js'
import { Demo } from '../harness/demo.js'
import { BY_NAME, NAME, NEAR, PROXY, TURN } from './networks.js'

/** The certificate is one of our own; what is asked of it beside that is asked of every other. */
const OWN_CERTIFICATE = ['--ignore-certificate-errors']

/** What starts each browser on the far side; `proxy` is the address of the one it has to go by, where there is one. */
const START = {
  Chromium: (far, { proxy }) =>
    Chromium.start({
      executable: far.program('/usr/bin/chromium'),
      flags: [...OWN_CERTIFICATE, ...(proxy ? [`--proxy-server=http://${proxy}:${PROXY}`] : [])],
    }),
  Firefox: async (far, { proxy, authority, look }) =>
    Firefox.start({
      tone: look.tone,
      // Behind a proxy it knows no names: the proxy does.
      executable: far.program('/usr/bin/firefox-esr', proxy ? far.naming({}) : far.within),
      port: await far.door(),
      profile: profileThatTrusts(authority, far.folder),
      prefers: proxy
        ? { 'network.proxy.type': 1, 'network.proxy.ssl': proxy, 'network.proxy.ssl_port': PROXY }
        : {},
    }),
}

/** The demo, as the people on the far side reach it by this network. */
export class Site {
  /** `browser` is the one on the far side, for a person who looks like this. */
  static async open(network, far, { browser, look }) {
    const site = new Site()
    const names = [`DNS:${NAME}`, ...Object.values(NEAR).map((ip) => `IP:${ip}`)]
    const { authority, certificate, key } = certify(far.folder, names)
    const address = network.ipv6 ? `[${NEAR.v6}]` : NEAR.v4
    const host = BY_NAME.includes(browser) ? NAME : address
    const settings = {
      tls_certificate: certificate,
      tls_key: key,
      turn_port: TURN,
      media_addresses: `${NEAR.v4},${NEAR.v6}`,
    }
    // Whom this very process trusts, as the administrator who reads the SMS.
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    site.demo = await Demo.start({ settings, listen: address, host })
    const { server } = site.demo
    const { port, url } = server
    // The demo takes no name that may be known to the world: whom it has made is served without it.
    await server.end('SIGTERM')
    await server.run({ args: [], settings: { public_url: url } })
    wall(far, network, port)
    if (network.proxy) site.proxy = await listen(proxyTo(`${host}:${port}`), PROXY)
    const proxy = network.proxy ? NEAR.v4 : null
    site.near = await Chromium.start({ flags: OWN_CERTIFICATE })
    site.far = await START[browser](far, { proxy, authority, look })
    return site
  }

  /** The way that the media of this seat took, by the server's word, and how long it took from the first offer on. */
  way({ id }) {
    const lines = [
      ...this.demo.server.log.matchAll(/media connected participant=(\w+) path=(\S+) .* ms=(\d+)/g),
    ]
    const found = lines.find(([, participant]) => participant === id)
    return found ? { way: found[2], ms: Number(found[3]) } : null
  }

  async close() {
    await this.far?.close()
    await this.near?.close()
    this.proxy?.close()
    await this.demo?.stop()
  }
}

/** Lets out of the far side what this network lets through, and nothing else. */
function wall(far, network, port) {
  const allowed = network.allow(port).map((rule) => `${rule} accept;`)
  const family = network.ipv6 ? 'meta nfproto ipv4 drop;' : 'meta nfproto ipv6 drop;'
  const rules = [family, ...allowed, 'meta l4proto { tcp, udp } drop;'].map((rule) => `oifname cable ${rule}`)
  far.run(
    'nft',
    `table inet viva { chain output { type filter hook output priority 0; ${rules.join(' ')} }; }`,
  )
}

/** Passes on what asks for this server by CONNECT, and nothing else. */
function proxyTo(name) {
  const proxy = createServer((_, response) => response.writeHead(403).end())
  proxy.on('connect', ({ url }, client) => {
    client.on('error', () => client.destroy())
    if (url !== name) return client.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    const [host, port] = name.split(':')
    const server = connect(port, host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      server.pipe(client).pipe(server)
    })
    server.on('error', () => client.destroy())
  })
  return proxy
}

function listen(server, port) {
  return new Promise((resolve) => server.listen(port, () => resolve(server)))
}
