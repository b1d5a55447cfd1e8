// Networks that let only some of it through: what passes from the far side to the server, and the way that media takes.

/** The port of a proxy with CONNECT, on the near side. */
export const PROXY = 3128
/** The port of TURN over UDP and TCP. */
export const TURN = 3478

/**
 * `allow` are rules of nftables for what leaves the far side, given the port of the pages; everything else is dropped without a
 * word. `quick` is tried with all tests, the others by `make doors`.
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
    quick: true,
  },
  {
    name: 'a proxy with CONNECT alone',
    allow: () => [`tcp dport ${PROXY}`],
    way: 'turn/tls',
    proxy: true,
    quick: true,
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
