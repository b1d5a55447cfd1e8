// Tests of the helm.
import { expect, test } from 'vitest'
import type { PanelMember } from '../interview/types'
import { helmOf } from './helm'
import { view } from './sample'

const member = (seat: string, change: Partial<PanelMember>): PanelMember => ({
  seat,
  name: seat,
  role: 'examiner',
  chair: false,
  online: true,
  muted: false,
  removed: false,
  ...change,
})
const host = member('h', { role: 'host' })
const panel = [member('e1', { chair: true }), member('e2', {}), host]
const empty = { taken_by: null, empty_since: 1000 }
const of = (seat: string, helm: { taken_by: string | null; empty_since: number | null }, now: number) =>
  helmOf(view('interview', { panel, seat, role: seat === 'h' ? 'host' : 'examiner', helm }), now)

test('while a host is there, or gone for a moment, nothing is said', () => {
  expect(of('e1', { taken_by: null, empty_since: null }, 1e6)).toBeNull()
  expect(of('e1', empty, 15_999)).toBeNull()
})

test('when nobody leads all see it, and a chair may take over', () => {
  expect(of('e1', empty, 16_000)).toMatchObject({ kind: 'empty', take: { do: 'take_helm' } })
  expect(of('e2', empty, 16_000)).toMatchObject({ kind: 'empty', take: null })
})

test('who leads gives back, and a host takes back', () => {
  const taken = { taken_by: 'e1', empty_since: null }
  expect(of('e1', taken, 0)).toMatchObject({ kind: 'returned', give: { do: 'give_helm' } })
  expect(of('e2', taken, 0)).toMatchObject({ kind: 'other', name: 'e1', take: null, give: null })
  expect(of('h', taken, 0)).toMatchObject({ kind: 'other', take: { do: 'take_helm' } })
})

test('who leads knows whether the hosts are still away', () => {
  const helm = { taken_by: 'e1', empty_since: null }
  const leads = (change: Partial<PanelMember>) =>
    helmOf(view('interview', { panel: [...panel.slice(0, 2), { ...host, ...change }], seat: 'e1', helm }), 0)
  expect(leads({ online: false })).toMatchObject({ kind: 'own', give: { do: 'give_helm' } })
  expect(leads({ removed: true })).toMatchObject({ kind: 'own' })
  expect(leads({})).toMatchObject({ kind: 'returned', give: { do: 'give_helm' } })
})
