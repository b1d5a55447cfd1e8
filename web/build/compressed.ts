// Beside each file that gains by it stands the same compressed, as the server sends it: nothing is compressed while it runs.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const TEXT = /\.(?:html|js|css|svg|webmanifest)$/
/** A smaller gain is not worth a second copy in the program. */
const GAIN = 0.9

const byBrotli = promisify(brotliCompress)
const byGzip = promisify(gzip)

const FORMS: Readonly<Record<string, (data: Buffer) => Promise<Buffer>>> = {
  br: (data) =>
    byBrotli(data, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
      },
    }),
  gz: (data) => byGzip(data, { level: constants.Z_BEST_COMPRESSION }),
}

export function compressed(): Plugin {
  let folder = ''
  return {
    name: 'viva:compressed',
    apply: 'build',
    configResolved: ({ root, build }) => void (folder = join(root, build.outDir)),
    closeBundle: {
      order: 'post',
      sequential: true,
      handler: async () => {
        const names = await readdir(folder, { recursive: true })
        await Promise.all(names.filter((name) => TEXT.test(name)).map((name) => compress(join(folder, name))))
      },
    },
  }
}

async function compress(file: string): Promise<void> {
  const data = await readFile(file)
  for (const [form, pack] of Object.entries(FORMS)) {
    const packed = await pack(data)
    if (packed.length < data.length * GAIN) await writeFile(`${file}.${form}`, packed)
  }
}
