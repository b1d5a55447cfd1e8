// A network of its own for a server and a browser: only loopback, and no UDP to the media ports on it.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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

  constructor(holder) {
    this.holder = holder
    this.folder = mkdtempSync(join(tmpdir(), 'viva-island-'))
  }

  /** A command that runs another one here. */
  get within() {
    return ['nsenter', `--net=/proc/${this.holder.pid}/ns/net`, '--']
  }

  /** All UDP is lost without a word, as in a strict office; false where nftables is not to be had. */
  blockUdp() {
    const rules =
      'table inet viva { chain output { type filter hook output priority 0; meta l4proto udp drop; }; }'
    try {
      const [command, ...before] = this.within
      execFileSync(command, [...before, 'nft', rules], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  }

  /** A program that starts `path` here, for those who want a path. */
  program(path) {
    const script = join(this.folder, 'program')
    writeFileSync(script, `#!/bin/sh\nexec ${this.within.join(' ')} ${path} "$@"\n`)
    chmodSync(script, 0o755)
    return script
  }

  sink() {
    this.holder.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
