// Reads a picture into a small PNG that travels with the settings: no file on the server, no link that may break.
import { logoSize } from './settings-form'

const LARGEST_FILE = 10 * 1024 * 1024

/** The picture as a `data:` address. Rejects what is no picture. */
export async function readLogo(file: Blob): Promise<string> {
  if (file.size > LARGEST_FILE) throw new RangeError('too large')
  const address = URL.createObjectURL(file)
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    // An SVG without a size has none of its own.
    const { width, height } = logoSize(image.naturalWidth || 480, image.naturalHeight || 96)
    const canvas = Object.assign(document.createElement('canvas'), { width, height })
    const drawing = canvas.getContext('2d')
    if (!drawing) throw new Error('no canvas')
    drawing.imageSmoothingQuality = 'high'
    drawing.drawImage(image, 0, 0, width, height)
    return canvas.toDataURL('image/png')
  } finally {
    URL.revokeObjectURL(address)
  }
}
