// A server with HTTPS and TURN on the near side of a line, and browsers on both; run within the near network.
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { Chromium } from '../harness/browsers.js'
import { certify } from '../harness/certificate.js'
import { Demo } from '../harness/demo.js'
import { PROXY, TURN } from './networks.js'

const NEAR = { v4: '10.99.0.1', v6: 'fd99::1' }
/** The certificate is one of our own; what is asked of it beside that is asked of every other. */
const OWN_CERTIFICATE = ['--ignore-certificate-errors']

/** The demo, as the people on the far side reach it by this network. */
export class Site {
  static async open(network, far) {
    const site = new Site()
    const { certificate, key } = certify(
      far.folder,
      Object.values(NEAR).map((address) => `IP:${address}`),
    )
    const host = network.ipv6 ? `[${NEAR.v6}]` : NEAR.v4
    const settings = ({ port }) => ({
      tls_certificate: certificate,
      tls_key: key,
      turn_port: TURN,
      media_addresses: `${NEAR.v4},${NEAR.v6}`,
      public_url: `https://${host}:${port}`,
    })
    // Whom this very process trusts, as the administrator who reads the SMS.
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    site.demo = await Demo.start({ settings, listen: host, host })
    const { port } = site.demo.server
    const allowed = network.allow(port).map((rule) => `${rule} accept;`)
    const family = network.ipv6 ? 'meta nfproto ipv4 drop;' : 'meta nfproto ipv6 drop;'
    const rules = [family, ...allowed, 'meta l4proto { tcp, udp } drop;'].map(
      (rule) => `oifname cable ${rule}`,
    )
    far.run(
      'nft',
      `table inet viva { chain output { type filter hook output priority 0; ${rules.join(' ')} }; }`,
    )
    const flags = [...OWN_CERTIFICATE]
    if (network.proxy) {
      site.proxy = await listen(proxyTo(NEAR.v4, port), PROXY)
      flags.push(`--proxy-server=http://${NEAR.v4}:${PROXY}`)
    }
    site.near = await Chromium.start({ flags: OWN_CERTIFICATE })
    site.far = await Chromium.start({
      executable: far.program('/usr/bin/chromium'),
      flags,
    })
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

/** Passes on what asks for the server by CONNECT, and nothing else. */
function proxyTo(address, port) {
  const proxy = createServer((_, response) => response.writeHead(403).end())
  proxy.on('connect', ({ url }, client) => {
    client.on('error', () => client.destroy())
    if (url !== `${address}:${port}`) return client.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    const server = connect(port, address, () => {
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
