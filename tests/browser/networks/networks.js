// Networks that let only some of it through: what passes from the far side to the server, and the way that media takes.

/** What candidates have. */
export const BROWSERS = ['Chromium', 'Firefox']
/**
 * Those that come to the server by its name. Firefox speaks TURN over TLS by names alone: “TLS requires FQDN, not IP address”,
 * its log says. Chromium asks DNS alone for names of TURN over UDP, past /etc/hosts, and there is no DNS here.
 */
export const BY_NAME = ['Firefox']
/** The server's name. */
export const NAME = 'exam.test'
/** Its addresses. */
export const NEAR = { v4: '10.99.0.1', v6: 'fd99::1' }
/** The port of a proxy with CONNECT, on the near side. */
export const PROXY = 3128
/** The port of TURN over UDP and TCP. */
export const TURN = 3478

/**
 * `allow` are rules of nftables for what leaves the far side, given the port of the pages; everything else is dropped without a
 * word. In the browsers that `quick` names it is tried with all tests, in the others by `make doors`.
 * `way` is the one that media takes, or `or` in the browser that it names.
 */
export const NETWORKS = [
  {
    name: 'everything',
    allow: () => ['meta l4proto { tcp, udp }'],
    way: 'udp',
  },
  {
    name: 'UDP, and the pages',
    allow: (port) => ['meta l4proto udp', `tcp dport ${port}`],
    way: 'udp',
  },
  { name: 'TCP alone', allow: () => ['meta l4proto tcp'], way: 'tcp' },
  {
    name: 'the pages, and UDP to 3478',
    allow: (port) => [`tcp dport ${port}`, `udp dport ${TURN}`],
    way: 'turn/udp',
    // Firefox stays with the first that is ready, and before it begins with UDP it asks for the address of the name.
    or: { Firefox: 'turn/tls' },
  },
  {
    name: 'the pages, and TCP to 3478',
    allow: (port) => [`tcp dport { ${port}, ${TURN} }`],
    way: 'turn/tcp',
  },
  {
    name: 'the port of the pages alone',
    allow: (port) => [`tcp dport ${port}`],
    way: 'turn/tls',
    quick: ['Chromium', 'Firefox'],
  },
  {
    name: 'a proxy with CONNECT alone',
    allow: () => [`tcp dport ${PROXY}`],
    way: 'turn/tls',
    proxy: true,
    quick: ['Chromium'],
  },
  {
    name: 'IPv6 alone',
    allow: () => ['meta l4proto { tcp, udp }'],
    way: 'udp',
    ipv6: true,
  },
  {
    name: 'IPv6 to the port of the pages alone',
    allow: (port) => [`tcp dport ${port}`],
    way: 'turn/tls',
    ipv6: true,
  },
]
