function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** What stands in the message for a file: its name as a link, how large it is, and what awaits who follows it. */
export function block(file: { readonly name: string; readonly size: string }, address: string, words: string): string {
  const name = `<a href="${escaped(address)}"><strong>${escaped(file.name)}</strong></a>`;
  return `<p>${name} (${escaped(file.size)})<br>${escaped(words)}</p><p></p>`;
}
