// How many pixels a picture claims to have, read from its first bytes before the browser makes room for them.
import type { Size } from './sheet'

/** A picture of more pixels is not shown: some phones and many tabs would end with it. */
const MOST_PIXELS = 60_000_000
/** So many first bytes are looked at: what a camera writes before the size is shorter. */
const LOOKED_AT = 512 * 1024

/** Is it a picture that can be shown? */
export async function isShowable(file: Blob): Promise<boolean> {
  const size = sizeOf(new DataView(await file.slice(0, LOOKED_AT).arrayBuffer()))
  return size !== null && size.width >= 1 && size.height >= 1 && size.width * size.height <= MOST_PIXELS
}

/** The size that a PNG, JPEG or WebP says that it has; null of anything else. */
export function sizeOf(bytes: DataView): Size | null {
  try {
    const magic = bytes.getUint32(0)
    if (magic === 0x89504e47) return { width: bytes.getUint32(16), height: bytes.getUint32(20) }
    if (magic === 0x52494646) return ofWebp(bytes)
    return magic >>> 8 === 0xffd8ff ? ofJpeg(bytes) : null
  } catch {
    // Cut off.
    return null
  }
}

/** The markers of a JPEG one after the other, until the one that begins a frame. */
function ofJpeg(bytes: DataView): Size | null {
  for (let at = 2; bytes.getUint8(at) === 0xff; at += 2 + bytes.getUint16(at + 2)) {
    const marker = bytes.getUint8(at + 1)
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (frame) return { height: bytes.getUint16(at + 5), width: bytes.getUint16(at + 7) }
  }
  return null
}

function ofWebp(bytes: DataView): Size | null {
  const kind = bytes.getUint32(12)
  const three = (at: number) => 1 + bytes.getUint16(at, true) + (bytes.getUint8(at + 2) << 16)
  // `VP8X`, `VP8L`, `VP8 `.
  if (kind === 0x56503858) return { width: three(24), height: three(27) }
  if (kind === 0x5650384c) {
    const bits = bytes.getUint32(21, true)
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }
  }
  if (kind !== 0x56503820) return null
  return { width: bytes.getUint16(26, true) & 0x3fff, height: bytes.getUint16(28, true) & 0x3fff }
}
