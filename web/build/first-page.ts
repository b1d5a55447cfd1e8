// What the first page needs comes in as few pieces and as few rounds as can be.
import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite'

/**
 * What starts the page waits for nothing, so that what it asks for is asked for at once; the page with all that it is made of is
 * one piece.
 */
export const GROUPS = [
  { name: 'main', test: /\/src\/main\.ts$/, priority: 1 },
  { name: 'app', test: /\/src\/app\.ts$/ },
]

/** The page names the pieces that its start will ask for: they come beside it, and none holds up what is drawn. */
export function firstPage(): Plugin {
  return {
    name: 'viva:first-page',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle = {} }) => ({ html: startOf(html, bundle), tags: tags(bundle) }),
    },
  }
}

/** What the bundler makes the start does nothing but ask for the piece that is: the page asks for that itself. */
function startOf(html: string, bundle: Rolldown.OutputBundle): string {
  const start = pieceOf('main', bundle)
  const entry = Object.values(bundle).find((one) => one.type === 'chunk' && one.isEntry)
  if (entry?.type !== 'chunk' || entry.code.trim() !== `import"./${start.fileName.replace('assets/', '')}";`)
    throw new Error('the first script of the page does more than ask for another')
  delete bundle[entry.fileName]
  const preload = `<link rel="modulepreload" crossorigin href="/${start.fileName}">`
  return html.replace(preload, '').replace(entry.fileName, start.fileName)
}

function tags(bundle: Rolldown.OutputBundle): HtmlTagDescriptor[] {
  const app = pieceOf('app', bundle)
  const start = pieceOf('main', bundle).fileName
  const link = (rel: string, name: string, more: Record<string, string>): HtmlTagDescriptor => ({
    tag: 'link',
    attrs: { rel, crossorigin: true, href: `/${name}`, ...more },
    injectTo: 'head',
  })
  const scripts = [app.fileName, ...app.imports].filter((name) => name !== start)
  const styles = [...(app.viteMetadata?.importedCss ?? [])]
  return [
    ...scripts.map((name) => link('modulepreload', name, {})),
    ...styles.map((name) => link('preload', name, { as: 'style' })),
  ]
}

function pieceOf(group: string, bundle: Rolldown.OutputBundle): Rolldown.OutputChunk {
  const piece = Object.values(bundle).find((one) => one.type === 'chunk' && one.name === group)
  if (piece?.type !== 'chunk') throw new Error(`the build has no piece that is named ${group}`)
  return piece
}
