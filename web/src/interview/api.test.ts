// Tests of requests against a real server.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { get, post, Problem, put, request, Unreachable } from './api'

let server: Server
let address: string
let answer: { status: number; body: string; headers?: Record<string, string> }
let heard: { method: string | undefined; headers: IncomingMessage['headers']; body: string }

beforeEach(async () => {
  answer = { status: 200, body: '{"ok":true}' }
  server = createServer((message, response) => {
    let body = ''
    message.on('data', (chunk: Buffer) => (body += chunk.toString()))
    message.on('end', () => {
      heard = { method: message.method, headers: message.headers, body }
      response.writeHead(answer.status, answer.headers).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/x`
})

afterEach(() => void server.close())

test('values travel as JSON with the guard against forged requests', async () => {
  expect(await post<unknown>(address, { a: 1 })).toEqual({ ok: true })
  expect(heard).toMatchObject({ method: 'POST', body: '{"a":1}' })
  expect(heard.headers).toMatchObject({ 'x-viva': '1', 'content-type': 'application/json' })
})

test('a file travels as it is, a token in its header', async () => {
  await put(address, new Blob(['PNG'], { type: 'image/png' }))
  expect(heard).toMatchObject({ method: 'PUT', body: 'PNG', headers: { 'content-type': 'image/png' } })
  await get(address, { bearer: 't' })
  expect(heard).toMatchObject({ method: 'GET', headers: { authorization: 'Bearer t' } })
})

test('an empty answer is undefined', async () => {
  answer = { status: 204, body: '' }
  expect(await request('DELETE', address)).toBeUndefined()
})

test.each([
  ['{"code":"invitation_early","detail":"1700","text":{"zh":"早","en":"early"}}'],
  ['{"code":"invitation_early","detail":"1700","zh":"早","en":"early"}'],
])('a refusal is a problem with code, detail and texts: %s', async (body) => {
  answer = { status: 403, body, headers: { 'retry-after': '30' } }
  const problem = await post(address).catch((error: unknown) => error)
  expect(problem).toBeInstanceOf(Problem)
  expect(problem).toMatchObject({
    status: 403,
    code: 'invitation_early',
    detail: '1700',
    text: { zh: '早', en: 'early' },
    retryAfter: 30,
  })
})

test('a refusal in other words is known by its status', async () => {
  answer = { status: 401, body: '<html>' }
  await expect(get(address)).rejects.toMatchObject({ code: 'unauthorized', retryAfter: null })
})

test('no answer, and that of a gateway, is told apart from a refusal', async () => {
  answer = { status: 502, body: 'Bad Gateway' }
  await expect(get(address)).rejects.toBeInstanceOf(Unreachable)
  answer = { status: 503, body: '{"code":"store_unavailable"}' }
  await expect(get(address)).rejects.toMatchObject({ code: 'store_unavailable' })
  await expect(get('http://127.0.0.1:1/')).rejects.toBeInstanceOf(Unreachable)
})
