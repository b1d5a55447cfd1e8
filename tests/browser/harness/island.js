// A network of its own for a server and a browser: only loopback, and no UDP to the media ports on it.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A network namespace that lives as long as one process in it; nothing of it stays. */
export class Island {
  /** Null where this is not permitted (no root, no nftables, no namespaces). */
  static create() {
    const holder = spawn('unshare', ['--net', 'sh', '-c', 'ip link set lo up && echo ready && exec cat'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    return new Promise((resolve) => {
      holder.once('error', () => resolve(null))
      holder.once('exit', () => resolve(null))
      holder.stdout.once('data', () => resolve(new Island(holder)))
    })
  }

  /** Of the network of this process; a folder that is given is another's, who clears it away. */
  constructor(holder, folder = mkdtempSync(join(tmpdir(), 'viva-island-'))) {
    Object.assign(this, { holder, folder })
  }

  /** A command that runs another one here. */
  get within() {
    return ['nsenter', `--net=/proc/${this.holder.pid}/ns/net`, '--']
  }

  /** The same, for one that knows no names but these: `{ name: address }`. */
  naming(names) {
    const known = Object.entries({ localhost: '127.0.0.1', ...names })
    const file = join(mkdtempSync(join(this.folder, 'names-')), 'hosts')
    writeFileSync(file, known.map(([name, address]) => `${address} ${name}\n`).join(''))
    const named = 'mount --bind "$0" /etc/hosts && exec "$@"'
    return [...this.within, 'unshare', '--mount', 'sh', '-c', named, file]
  }

  /** What a command says that runs here. */
  run(...words) {
    const [command, ...before] = this.within
    return execFileSync(command, [...before, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  /** A port of this machine's loopback that leads to the same one here: for who steers a program here over it. */
  async door() {
    const pass = (port) =>
      `const s=net.connect(${port},'127.0.0.1');process.stdin.pipe(s).pipe(process.stdout)`
    const [command, ...before] = this.within
    const door = createServer((socket) => {
      const through = spawn(command, [...before, process.execPath, '-e', pass(door.address().port)], {
        stdio: ['pipe', 'pipe', 'ignore'],
      })
      // Whoever leaves first, the other one goes as well.
      for (const end of [socket, through.stdin, through.stdout]) end.on('error', () => socket.destroy())
      socket.on('close', () => through.kill())
      socket.pipe(through.stdin)
      through.stdout.pipe(socket)
    })
    await new Promise((resolve) => door.listen(0, '127.0.0.1', resolve))
    door.unref()
    return door.address().port
  }

  /** All UDP, or that towards a part, is lost without a word, as in a strict office; false without nftables. */
  blockUdp(towards = '') {
    const rules = `table inet viva { chain output { type filter hook output priority 0; ${towards} meta l4proto udp drop; }; }`
    try {
      this.run('nft', rules)
      return true
    } catch {
      return false
    }
  }

  /** A program that starts `path` here, for those who want a path. */
  program(path, within = this.within) {
    const script = join(this.folder, 'program')
    const words = within.map((word) => `'${word}'`).join(' ')
    writeFileSync(script, `#!/bin/sh\nexec ${words} ${path} "$@"\n`)
    chmodSync(script, 0o755)
    return script
  }

  sink() {
    this.holder.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
