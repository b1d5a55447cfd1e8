// The panel's questions while they are being written: sets in their order, questions with hints, what is wrong with them.
import { type FieldProblem, needed, whole } from '../forms/fields'
import type { QuestionSet } from '../interview/types'

export const MOST_SETS = 60
/** Of all sets together. */
export const MOST_QUESTIONS = 200
const LONGEST_SET = 100
const LONGEST_QUESTION = 1000
const LONGEST_ANSWER = 1440

/** `key` tells rows apart while they are moved and renamed; no set and no question has that of another. */
export interface QuestionDraft {
  key: number
  /** The server's number for it; null until it has one. */
  id: number | null
  /** The question itself. */
  name: string
  /** Empty where the answer takes as long as it takes. */
  minutes: string
  /** The key of a criterion as text; empty for none. */
  criterion: string
}

export interface QuestionSetDraft {
  key: number
  id: number | null
  name: string
  questions: QuestionDraft[]
}

/** A criterion as far as a question points at it. */
interface Hinted {
  key: number
  id: string
}

export function questionDrafts(
  sets: readonly QuestionSet[],
  criteria: readonly Hinted[],
): QuestionSetDraft[] {
  let next = 0
  return sets.map(({ id, name, questions }) => ({
    key: next++,
    id,
    name,
    questions: questions.map((question) => ({
      key: next++,
      id: question.id,
      name: question.text,
      minutes: question.minutes === null ? '' : String(question.minutes),
      criterion: String(criteria.find((one) => one.id === question.criterion)?.key ?? ''),
    })),
  }))
}

/** By field, such as `set.3.name`, `question.4.text`, `question.4.minutes` by key, and `questions` for all together. */
export function questionProblems(sets: readonly QuestionSetDraft[]): Record<string, FieldProblem | null> {
  const all = sets.flatMap(({ questions }) => questions)
  const names = sets.map(({ key, name }) => [`set.${key}.name`, needed(name, LONGEST_SET)] as const)
  const fields = all.flatMap(({ key, name, minutes }) => [
    [`question.${key}.text`, needed(name, LONGEST_QUESTION)] as const,
    [`question.${key}.minutes`, minutes.trim() === '' ? null : whole(minutes, 1, LONGEST_ANSWER)] as const,
  ])
  const many = all.length > MOST_QUESTIONS
  return {
    ...Object.fromEntries([...names, ...fields]),
    questions: many ? { key: 'admin.questions.many', values: { max: MOST_QUESTIONS } } : null,
  }
}

/** `idOf` tells a criterion's id by its key; a question whose criterion is gone points at none. */
export function questionBody(
  sets: readonly QuestionSetDraft[],
  idOf: (key: number) => string | null,
): QuestionSet[] {
  const nextSet = after(sets)
  const nextQuestion = after(sets.flatMap(({ questions }) => questions))
  return sets.map((set) => ({
    id: set.id ?? nextSet(),
    name: set.name.trim(),
    questions: set.questions.map(({ id, name, minutes, criterion }) => ({
      id: id ?? nextQuestion(),
      text: name.trim(),
      minutes: minutes.trim() === '' ? null : Number(minutes),
      criterion: criterion === '' ? null : idOf(Number(criterion)),
    })),
  }))
}

/** As far as the server is concerned. */
export function questionPlain(sets: readonly QuestionSetDraft[]): unknown {
  return sets.map(({ id, name, questions }) => [
    id,
    name,
    questions.map((question) => [question.id, question.name, question.minutes, question.criterion]),
  ])
}

/** A key that no set and no question has. */
export function freshQuestionKey(sets: readonly QuestionSetDraft[]): number {
  return Math.max(-1, ...sets.flatMap(({ key, questions }) => [key, ...questions.map((one) => one.key)])) + 1
}

export function freshQuestion(key: number): QuestionDraft {
  return { key, id: null, name: '', minutes: '', criterion: '' }
}

/** Numbers above all that are there. */
function after(rows: readonly { id: number | null }[]): () => number {
  let last = Math.max(0, ...rows.map(({ id }) => id ?? 0))
  return () => ++last
}
