// What stands in index.html until the page itself does.

/** Says at once what to do, instead of after a while. */
export function giveUp(): void {
  document.body.classList.add('failed')
}
