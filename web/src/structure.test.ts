// Tests of the structure: who imports whom, how files are named, where colours stand.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The folders, lowest first: each imports only what stands before it. The files beside them import all. */
const FLOORS = [
  'protocol',
  'client',
  'i18n',
  'ui',
  'interview',
  'forms',
  'papers',
  'draws',
  'entry',
  'signin',
  'room',
  'checks',
  'face',
  'second-camera',
  'connection-test',
  'download',
  'admin',
  'candidate',
  'staff',
  'examiner',
  'host',
  'panel',
  'patrol',
  'stories',
] as const

/** Files that may hold colours: the tokens, and the drawn people of the stories. */
const COLOURED = /^(style\.css|stories\/.*)$/

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.(ts|vue|css)$/.test(file),
)
const texts = new Map(files.map((file) => [file, readFileSync(join(import.meta.dirname, file), 'utf8')]))
const floorOf = (file: string) => FLOORS.findIndex((floor) => file.startsWith(`${floor}/`))

/** Texts, drawn paths and what is generated have lines as long as they need. */
const LONG = /^(i18n\/(zh-CN|en)(\.ts|\/.*)|ui\/(more-)?icons\.ts|protocol\/.*)$/
/** In characters: Prettier breaks at 110 what it can break. */
const LONGEST = 130

/** The files of ours that each file names, types too. */
const imports = new Map(
  files.map((file) => {
    const named = [...(texts.get(file) ?? '').matchAll(/(?:\bfrom|\bimport|\bimport\()\s*'(\.[^']+)'/g)].map(
      ([, path = '']) => normalize(join(dirname(file), path)),
    )
    return [
      file,
      named.flatMap((path) => [path, `${path}.ts`, `${path}/index.ts`].find((one) => texts.has(one)) ?? []),
    ]
  }),
)

test('every folder has its floor', () => {
  const folders = new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0]))
  expect([...folders].sort()).toEqual([...FLOORS].sort())
})

test('imports go down', () => {
  const up = [...imports].flatMap(([file, named]) =>
    named
      .filter((other) => floorOf(file) >= 0 && (floorOf(other) < 0 || floorOf(other) > floorOf(file)))
      .map((other) => `${file} → ${other}`),
  )
  expect(up).toEqual([])
})

test('no file needs itself', () => {
  const done = new Set<string>()
  const circles: string[] = []
  const walk = (file: string, way: readonly string[]) => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' → '))
    if (way.includes(file) || done.has(file)) return
    for (const other of imports.get(file) ?? []) walk(other, [...way, file])
    done.add(file)
  }
  for (const file of files) walk(file, [])
  expect(circles).toEqual([])
})

describe('names', () => {
  test('a component is named in capitals, every other file in small letters', () => {
    const wrong = files.filter((file) => {
      const name = basename(file).replace(/\..*$/, '')
      if (file.endsWith('.vue')) return !/^[A-Z][A-Za-z]+$/.test(name)
      return !/^(use[A-Z][A-Za-z0-9]+|[a-z][a-z0-9]*(-[a-z0-9]+)*|zh-CN)$/.test(name)
    })
    expect(wrong).toEqual([])
  })

  test('a composable stands in the file that is named after it', () => {
    const elsewhere = files.filter((file) => {
      const used = /^export function (use[A-Z]\w*)/m.exec(texts.get(file) ?? '')?.[1]
      return used !== undefined && basename(file) !== `${used}.ts`
    })
    expect(elsewhere).toEqual([])
  })
})

describe('colours', () => {
  test('stand in the tokens alone', () => {
    const raw = files.flatMap((file) => {
      if (COLOURED.test(file) || file.endsWith('.test.ts')) return []
      return [...(texts.get(file) ?? '').matchAll(/#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b/gi)].map(
        ([colour]) => `${file}: ${colour}`,
      )
    })
    expect(raw).toEqual([])
  })

  test('what stands there before all else has those of the tokens', () => {
    const tokens = (text: string, from: string) =>
      new Map(
        [...(text.split(from)[1] ?? '').split('}')[0]!.matchAll(/--([\w-]+): (#\w+);/g)].map(
          ([, name = '', colour = '']) => [name, colour],
        ),
      )
    const page = readFileSync(join(import.meta.dirname, '../index.html'), 'utf8')
    const style = texts.get('style.css') ?? ''
    for (const [shell, theme] of [
      [':root {', ':root {'],
      ['(prefers-color-scheme: dark) {\n        :root {', "[data-theme='dark'] {"],
    ] as const) {
      const known = tokens(style, theme)
      const shown = tokens(page, shell)
      expect(shown.size).toBeGreaterThan(4)
      for (const [name, colour] of shown) expect(known.get(name), name).toBe(colour)
    }
  })

  test('the browser’s own bars have that of the page', () => {
    const page = readFileSync(join(import.meta.dirname, '../index.html'), 'utf8')
    const canvas = [...(texts.get('style.css') ?? '').matchAll(/--canvas: (#\w+)/g)].map(
      ([, colour]) => colour,
    )
    expect([...page.matchAll(/name="theme-color" content="(#\w+)"/g)].map(([, colour]) => colour)).toEqual(
      canvas,
    )
  })
})

test('no line is longer than a screen is wide', () => {
  const long = files.flatMap((file) =>
    LONG.test(file)
      ? []
      : (texts.get(file) ?? '')
          .split('\n')
          .flatMap((line, index) =>
            line.length > LONGEST ? [`${file}:${index + 1} has ${line.length}`] : [],
          ),
  )
  expect(long).toEqual([])
})
