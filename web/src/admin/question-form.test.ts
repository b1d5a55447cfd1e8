// Tests of the panel's questions while they are being written.
import { expect, test } from 'vitest'
import {
  freshQuestion,
  freshQuestionKey,
  MOST_QUESTIONS,
  questionBody,
  questionDrafts,
  questionPlain,
  questionProblems,
} from './question-form'

const criteria = [
  { key: 5, id: 'base' },
  { key: 7, id: 'english' },
]
const idOf = (key: number) => criteria.find((one) => one.key === key)?.id ?? null
const sets = [
  {
    id: 4,
    name: 'A 组',
    questions: [
      { id: 9, text: '请介绍研究计划', minutes: 3, criterion: 'english' },
      { id: 2, text: '还有问题吗', minutes: null, criterion: null },
    ],
  },
  { id: 1, name: 'B 组', questions: [{ id: 3, text: '为什么', minutes: null, criterion: null }] },
]
const drafts = () => questionDrafts(sets, criteria)

test('what is sent comes back as the same draft, and no two rows have one key', () => {
  expect(questionBody(drafts(), idOf)).toEqual(sets)
  const keys = drafts().flatMap(({ key, questions }) => [key, ...questions.map((one) => one.key)])
  expect(new Set(keys).size).toBe(5)
  expect(keys).not.toContain(freshQuestionKey(drafts()))
  expect(questionPlain(drafts())).toEqual(
    questionPlain(questionDrafts(questionBody(drafts(), idOf), criteria)),
  )
})

test('what is new gets numbers above all others, and old ones keep theirs', () => {
  const [first] = drafts()
  const added = [
    { ...first, key: 20, id: null, name: ' C 组 ', questions: [{ ...freshQuestion(21), name: ' 新 ' }] },
    ...drafts(),
  ]
  expect(questionBody(added, idOf)[0]).toEqual({
    id: 5,
    name: 'C 组',
    questions: [{ id: 10, text: '新', minutes: null, criterion: null }],
  })
  expect(questionBody(added, idOf).slice(1)).toEqual(sets)
})

test('a question whose criterion is gone points at none', () => {
  expect(questionBody(drafts(), () => null)[0]?.questions[0]?.criterion).toBeNull()
})

test('each fault stands at its field', () => {
  const faults = (change: (all: ReturnType<typeof drafts>) => void) => {
    const all = drafts()
    change(all)
    return Object.entries(questionProblems(all)).flatMap(([field, problem]) => (problem ? [field] : []))
  }
  expect(faults(() => undefined)).toEqual([])
  expect(faults(([one]) => one && (one.name = ' '))).toEqual(['set.0.name'])
  expect(
    faults(([one]) => {
      const question = one?.questions[0]
      if (question) Object.assign(question, { name: '', minutes: '0' })
    }),
  ).toEqual(['question.1.text', 'question.1.minutes'])
  expect(
    faults(([one]) => {
      if (one)
        one.questions = Array.from({ length: MOST_QUESTIONS }, (_, key) => ({
          ...freshQuestion(100 + key),
          name: '题',
        }))
    }),
  ).toEqual(['questions'])
})
