// A small PDF, written by hand: coloured pages with a line of Chinese whose font is not in the file.

/** One page for each colour (red, green, blue from 0 to 1), each with its line of text. */
export function pdf(pages) {
  const objects = []
  const add = (text) => objects.push(text)
  const page = (index) => 6 + 2 * index
  add('<< /Type /Catalog /Pages 2 0 R >>')
  const kids = pages.map((_, index) => `${page(index)} 0 R`).join(' ')
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`)
  add(
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>',
  )
  add(
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 5 0 R ' +
      '/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 >>',
  )
  add(
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 ' +
      '/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>',
  )
  for (const [index, { colour, text }] of pages.entries()) {
    const hex = [...text].map((one) => one.codePointAt(0).toString(16).padStart(4, '0')).join('')
    const drawing = `${colour.join(' ')} rg 0 0 400 150 re f 0 g BT /F 40 Tf 40 200 Td <${hex}> Tj ET`
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents ${page(index) + 1} 0 R ` +
        '/Resources << /Font << /F 3 0 R >> >> >>',
    )
    add(`<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`)
  }
  let file = '%PDF-1.4\n'
  const places = objects.map((text, index) => {
    const place = file.length
    file += `${index + 1} 0 obj\n${text}\nendobj\n`
    return place
  })
  const table = file.length
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}
