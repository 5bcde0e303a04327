/** Boxes in boxes beyond this cost a browser its stack when it lays them out, and the page with it. */
const DEEPEST = 160;

/** Take away what only holds others so deep: what it holds stays, in its order. */
export function flatten(body: HTMLElement): void {
  const depths = new Map<Element, number>([[body, 0]]);
  const holding: Element[] = [];
  for (const element of body.querySelectorAll('*')) {
    const above = element.parentElement === null ? 0 : (depths.get(element.parentElement) ?? 0);
    // What is taken away makes nothing deeper.
    const taken = above >= DEEPEST && element.firstElementChild !== null;
    depths.set(element, taken ? above : above + 1);
    if (taken) holding.push(element);
  }
  // The outermost first: each node moves once, not once for every box around it.
  for (const element of holding) {
    while (element.firstChild !== null) element.before(element.firstChild);
    element.remove();
  }
}
