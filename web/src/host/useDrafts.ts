// Drafts as they are typed in the table: saved when a field is left, kept on the page as long as they cannot be.
import { computed, nextTick, reactive, watch } from 'vue'
import { useI18n } from '../i18n/useI18n'
import { languageOf } from '../i18n/locale'
import { problemText } from '../interview/problem'
import { usePanelRoom } from '../staff/usePanelRoom'
import { draftAll, type Drafted, type Drafting } from './drafting'
import { edit, type ResultRow, type Typed } from './results'

/** What was asked for of a row; its draft had this revision before. */
interface Asked {
  wish: string
  typed: Typed
  before: number | undefined
  answered: boolean
}

/** For the setup of a component in a panel's room. */
export function useDrafts(rows: () => readonly ResultRow[]) {
  const { desk } = usePanelRoom()
  const { t, locale } = useI18n()
  const bySeat = computed(() => new Map(rows().map((row) => [row.card.seat, row])))
  const typed = reactive(new Map<string, Typed>())
  /** Rows that were left with something wrong: a field complains then, not while it is being typed. */
  const left = reactive(new Set<string>())
  /** Why a row was refused. */
  const refused = reactive(new Map<string, string>())
  const asked = new Map<string, Asked>()

  function type(seat: string, field: keyof Typed, text: string) {
    typed.set(seat, { ...typed.get(seat), [field]: text })
  }

  /** Back to what the draft says. */
  function revert(seat: string, field: keyof Typed) {
    forget(seat, { [field]: typed.get(seat)?.[field] })
    left.delete(seat)
    refused.delete(seat)
  }

  /** Of what is typed in a row all that still says this. */
  function forget(seat: string, said: Typed) {
    const { outcome, points } = typed.get(seat) ?? {}
    const rest: Typed = {
      ...(outcome !== undefined && outcome !== said.outcome ? { outcome } : {}),
      ...(points !== undefined && points !== said.points ? { points } : {}),
    }
    if (Object.keys(rest).length === 0) typed.delete(seat)
    else typed.set(seat, rest)
  }

  /** Saves a row, where there is something to save; false where something is wrong with it. */
  async function save(seat: string): Promise<boolean> {
    const row = bySeat.value.get(seat)
    const now = typed.get(seat)
    if (!row || !now) return true
    const { action, complaint } = edit(row, now)
    if (complaint) {
      left.add(seat)
      return false
    }
    left.delete(seat)
    if (!action) {
      typed.delete(seat)
      refused.delete(seat)
      return true
    }
    const wish = JSON.stringify(action)
    // Enter saves, and the field that is left thereby saves again.
    if (asked.get(seat)?.wish === wish) return true
    const own = { wish, typed: { ...now }, before: row.draft?.revision, answered: false }
    asked.set(seat, own)
    try {
      await desk.act(action)
      own.answered = true
      refused.delete(seat)
      settle()
      return true
    } catch (error) {
      if (asked.get(seat) === own) asked.delete(seat)
      refused.set(seat, problemText(error, languageOf(locale.value)) ?? t('staff.failed'))
      return false
    }
  }

  /** What was saved is forgotten once the view tells of it: no field falls back to the old text meanwhile. */
  function settle() {
    for (const [seat, { typed: said, before, answered }] of asked) {
      const row = bySeat.value.get(seat)
      if (row && (!answered || row.draft?.revision === before)) continue
      asked.delete(seat)
      forget(seat, said)
    }
    for (const seat of typed.keys()) if (!bySeat.value.get(seat)?.editable) typed.delete(seat)
  }
  watch(bySeat, settle)

  /** Saves whatever is typed; true once the view tells of all of it. */
  async function flush(): Promise<boolean> {
    await Promise.all([...typed.keys()].map(save))
    const stuck = () => [...typed.keys()].some((seat) => left.has(seat) || refused.has(seat))
    await once(() => typed.size === 0 || stuck())
    return !stuck()
  }

  /**
   * Writes many at once; done once the view tells of all that are written, so that what is published next is what was written.
   * Rows that are refused say why.
   */
  async function writeAll(drafts: readonly Drafting[], step: (done: number) => void): Promise<Drafted> {
    const revision = ({ candidate }: Drafting) => bySeat.value.get(candidate)?.draft?.revision
    const before = new Map(drafts.map((draft) => [draft, revision(draft)]))
    for (const { candidate } of drafts) refused.delete(candidate)
    const drafted = await draftAll(drafts, { act: (action) => desk.act(action), pause, step })
    for (const { draft, error } of drafted.refused)
      refused.set(draft.candidate, problemText(error, languageOf(locale.value)) ?? t('staff.failed'))
    await once(() =>
      drafted.written.every(
        (draft) => !bySeat.value.get(draft.candidate)?.editable || revision(draft) !== before.get(draft),
      ),
    )
    return drafted
  }

  return { typed, left, refused, type, revert, save, flush, writeAll }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Waits until it is so. */
function once(so: () => boolean): Promise<void> {
  return new Promise<void>((resolve) => {
    const stop = watch(
      so,
      (now) => {
        if (!now) return
        resolve()
        void nextTick(() => stop())
      },
      { immediate: true },
    )
  })
}
