// Certificates of an authority of our own, for servers that speak TLS in a test.
import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A P-256 key without a password, and a certificate that is good for as long as a test. */
const NEW = [
  ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  ...['-nodes', '-days', '2'],
]

/**
 * Makes, in `folder`, an authority and a certificate of it for these names (`DNS:…`, `IP:…`). Gives the paths; whoever trusts
 * `authority` trusts the certificate, TURN over TLS in Firefox too.
 */
export function certify(folder, names) {
  const paths = Object.fromEntries(
    ['authority', 'authorityKey', 'certificate', 'key'].map((name) => [name, join(folder, `${name}.pem`)]),
  )
  const make = (certificate, key, ...more) =>
    execFileSync('openssl', [...NEW, '-keyout', key, '-out', certificate, ...more], { stdio: 'ignore' })
  make(paths.authority, paths.authorityKey, '-subj', '/CN=viva authority')
  const signed = ['-CA', paths.authority, '-CAkey', paths.authorityKey]
  // Firefox takes no certificate of a server that may be an authority itself.
  const leaf = ['-addext', `subjectAltName=${names.join()}`, '-addext', 'basicConstraints=critical,CA:FALSE']
  make(paths.certificate, paths.key, '-subj', '/CN=viva', ...leaf, ...signed)
  return paths
}

/** What Chromium knows the certificate's key by. */
export function fingerprint(certificate) {
  const key = new X509Certificate(readFileSync(certificate)).publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(key).digest('base64')
}

/** Makes a profile of Firefox in `folder`; in it the certificates of this authority are good for all that speaks TLS. */
export function profileThatTrusts(authority, folder) {
  const profile = join(folder, 'profile')
  mkdirSync(profile)
  const store = (...words) =>
    execFileSync('certutil', [...words, '-d', `sql:${profile}`], { stdio: 'ignore' })
  store('-N', '--empty-password')
  store('-A', '-n', 'viva', '-t', 'C,,', '-i', authority)
  return profile
}
