// The questions to one candidate: the set that was drawn, which of them were asked, and what may be done about it.
import type { CandidateCard, PanelView, Question, QuestionSet, SeatAction } from '../interview/types'

/** One question on the list. */
export interface QuestionRow {
  question: Question
  /** The name of the criterion by which the answer tells most. */
  criterion: string | null
  asked: boolean
  /** Marks it as asked, or takes the mark back. */
  mark: SeatAction
}

/** The set that was drawn for a candidate. */
export function drawnSet(view: PanelView, card: CandidateCard): QuestionSet | null {
  return view.questions.find(({ id }) => id === card.question_set) ?? null
}

export function questionRows(view: PanelView, card: CandidateCard, set: QuestionSet): QuestionRow[] {
  return set.questions.map((question) => {
    const asked = card.asked.includes(question.id)
    return {
      question,
      criterion: view.criteria.find(({ id }) => id === question.criterion)?.name ?? null,
      asked,
      mark: { do: 'mark_asked', candidate: card.seat, question: question.id, asked: !asked },
    }
  })
}

/** How many were asked that are in none of what is shown. */
export function askedElsewhere(card: CandidateCard, set: QuestionSet | null): number {
  return card.asked.filter((id) => !set?.questions.some((question) => question.id === id)).length
}

/** Writes down which set was drawn; null for who may not. */
export function draw(view: PanelView, card: CandidateCard, set: number | null): SeatAction | null {
  return view.role === 'host' ? { do: 'assign_questions', candidate: card.seat, set } : null
}
