/** How many, in words: « 1 message », « 3 messages ». */

/** French counts zero and one as singular. */
export function countFr(count: number, one: string, many: string): string {
  return `${count} ${count < 2 ? one : many}`;
}

/** English counts one alone as singular. */
export function countEn(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
