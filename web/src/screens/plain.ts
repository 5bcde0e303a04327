/** Lower case without accents, to find « Élèves » by "eleves". */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}
