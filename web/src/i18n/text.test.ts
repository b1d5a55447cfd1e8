// Tests of one text: its key, its forms, its values.
import { expect, test } from 'vitest'
import { textOf } from './text'

const TEXTS = {
  plain: 'Reply to a@b.example, please',
  named: '{name} has {count} of {all}; {name}!',
  forms: '1 card | {count} cards',
  inner: { deep: { text: 'found' }, constructor: 'ours' },
}

test.each([
  ['plain', {}, 'Reply to a@b.example, please'],
  ['named', { name: '李华 $&', count: 3, all: 0 }, '李华 $& has 3 of 0; 李华 $&!'],
  ['named', { name: null }, ' has  of ; !'],
  ['forms', { count: 1 }, '1 card'],
  ['forms', { count: 0 }, '0 cards'],
  ['forms', { count: 21 }, '21 cards'],
  ['inner.deep.text', {}, 'found'],
  ['inner.constructor', {}, 'ours'],
] as const)('%s with %o', (key, values, text) => {
  expect(textOf(TEXTS, key, values)).toBe(text)
})

test.each([
  '',
  'other',
  'inner',
  'inner.deep',
  'inner.deep.text.more',
  'constructor',
  'inner.toString',
  'plain.length',
])('nothing is at “%s”', (key) => expect(textOf(TEXTS, key, {})).toBe(null))
