// The rules for TypeScript and Vue beyond what the compiler checks, and for the tests in JavaScript.
import vue from 'eslint-plugin-vue'
import ts from 'typescript-eslint'

const pages = ['**/*.ts', '**/*.vue']
const tests = ['**/*.js']
const worker = '**/public/sw.js'

/** What stands there without an import: for the tests Node's own, and in what they hand to a page the browser's. */
const NODE = ['Buffer', 'process']
const BROWSER = ['document', 'window', 'navigator', 'location', 'localStorage', 'sessionStorage', 'indexedDB']
const WORKER = ['self', 'caches', 'URL']
const BOTH = ['console', 'fetch', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval']

export default ts.config(
  { ignores: ['**/dist', '**/src/protocol', '**/eslint.config.js'] },
  { files: pages, extends: [...ts.configs.recommendedTypeChecked, ...vue.configs['flat/recommended']] },
  { files: tests, extends: [...ts.configs.recommended] },
  { rules: { 'max-lines': ['error', { max: 500, skipBlankLines: true }] } },
  {
    files: pages,
    languageOptions: {
      parserOptions: { parser: ts.parser, projectService: true, extraFileExtensions: ['.vue'] },
    },
    rules: {
      // The layout is Prettier's.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/html-indent': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: [worker],
    languageOptions: {
      globals: Object.fromEntries([...WORKER, ...BOTH].map((name) => [name, 'readonly'])),
    },
    rules: { 'no-undef': 'error' },
  },
  {
    files: tests,
    ignores: [worker],
    languageOptions: {
      parserOptions: { projectService: true },
      globals: Object.fromEntries([...NODE, ...BROWSER, ...BOTH].map((name) => [name, 'readonly'])),
    },
    rules: {
      'no-undef': 'error',
      // What is not awaited fails in another test, or in none.
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['test'] }] },
      ],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
)
