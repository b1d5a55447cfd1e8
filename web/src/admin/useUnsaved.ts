// Keeps a page from being left by mistake while something on it is not saved.
import { onBeforeUnmount, type Ref, watch } from 'vue'
import { useI18n } from '../i18n/useI18n'

/** The guard for the way to another page, with its question; closing the tab is guarded too. */
export function useUnsaved(changed: Readonly<Ref<boolean>>, question?: () => string): () => boolean {
  const { t } = useI18n()
  const ask = (event: BeforeUnloadEvent) => event.preventDefault()
  const listen = (on: boolean) =>
    on ? addEventListener('beforeunload', ask) : removeEventListener('beforeunload', ask)
  watch(changed, listen)
  onBeforeUnmount(() => listen(false))
  return () => !changed.value || confirm(question?.() ?? t('admin.leaveUnsaved'))
}
