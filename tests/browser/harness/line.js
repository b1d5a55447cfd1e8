// A line of a known rate: two networks with a cable between them, whose near side lets only so much through.
import { Island } from './island.js'

const NEAR = '10.99.0.1'
const FAR = '10.99.0.2'
const CABLE = 'cable'

/** Bytes that pass at once: one packet, as on a wire. */
const BUCKET = '1600'

/** At most so much waits before the line, in milliseconds; what comes more is dropped. */
export const QUEUE = 300

/** The server and those with good lines are `near`, whoever has the bad one is `far`. Nothing of it stays. */
export class Line {
  /** Null where this is not permitted (no root, no namespaces, no token bucket). */
  static async create() {
    const [near, far] = await Promise.all([Island.create(), Island.create()])
    try {
      const line = new Line(near, far)
      line.rate(1_000)
      line.rate(null)
      return line
    } catch {
      near?.sink()
      far?.sink()
      return null
    }
  }

  constructor(near, far) {
    Object.assign(this, { near, far })
    const ends = ['add', CABLE, 'type', 'veth', 'peer', 'name', CABLE, 'netns', String(far.holder.pid)]
    near.run('ip', 'link', ...ends)
    for (const [island, address] of [
      [near, NEAR],
      [far, FAR],
    ]) {
      island.run('ip', 'address', 'add', `${address}/24`, 'dev', CABLE)
      island.run('ip', 'link', 'set', CABLE, 'up')
    }
  }

  /** The address of the near side, which the far side can reach. */
  get address() {
    return NEAR
  }

  /** From now on so many kbit/s reach the far side, with Ethernet's headers; null: as many as the machine can move. */
  rate(kbits) {
    const bucket = ['tbf', 'rate', `${kbits}kbit`, 'burst', BUCKET, 'latency', `${QUEUE}ms`]
    const way = kbits === null ? ['noqueue'] : bucket
    this.near.run('tc', 'qdisc', 'replace', 'dev', CABLE, 'root', ...way)
  }

  /** How long what comes now would wait before the line, in milliseconds; 0 on a free line. */
  waiting() {
    const [queue] = JSON.parse(this.near.run('tc', '-json', '-s', 'qdisc', 'show', 'dev', CABLE))
    const rate = queue?.options?.rate
    return rate ? (queue.backlog / rate) * 1000 : 0
  }

  /** All UDP to the far side is lost; false where nftables is not to be had. */
  blockUdp() {
    return this.near.blockUdp(`oifname ${CABLE}`)
  }

  close() {
    this.far.sink()
    this.near.sink()
  }
}
