// Tests of links that come while the app runs.
import { expect, test } from 'vitest'
import { launchTarget } from './launch'

const HERE = 'https://exam.example.edu'

test('a link is followed from pages where nobody is in an interview', () => {
  for (const path of ['/', '/download', '/download-mobile', '/candidate/invitation', '/connection-test'])
    expect(launchTarget(`${HERE}/i#ABCD-2345-EFGH`, path, HERE)).toBe('/i#ABCD-2345-EFGH')
})

test('who is in an interview stays in it', () => {
  for (const path of [
    '/candidate/room',
    '/candidate/camera',
    '/room',
    '/host/0123456789abcdef',
    '/admin',
    '/second',
  ])
    expect(launchTarget(`${HERE}/i#ABCD-2345-EFGH`, path, HERE)).toBe(null)
})

test('what is no link of this server is left alone', () => {
  for (const target of [
    undefined,
    '',
    'nonsense',
    'https://elsewhere.example/i#A',
    'javascript:alert(1)',
    'https://',
  ])
    expect(launchTarget(target, '/', HERE)).toBe(null)
})
