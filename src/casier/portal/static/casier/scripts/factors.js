// @ts-check
/** Recovery codes: printed and copied where the browser can. Without this they are read, and downloaded. */

/**
 * @template {HTMLElement} T
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T | null}
 */
function one(selector, kind) {
  const found = document.querySelector(selector);
  return found instanceof kind ? found : null;
}

/** @param {HTMLElement} list @param {HTMLButtonElement} button */
async function copy(list, button) {
  const codes = [...list.querySelectorAll('code')].map((code) => code.textContent);
  await navigator.clipboard.writeText(codes.join('\n'));
  const said = button.dataset.copied ?? '';
  button.textContent = said;
  const told = one('[data-told]', HTMLElement);
  if (told !== null) told.textContent = said;
}

const list = one('[data-codes]', HTMLElement);
const printing = one('[data-print]', HTMLButtonElement);
const copying = one('[data-copy]', HTMLButtonElement);
if (printing !== null) {
  printing.hidden = false;
  printing.addEventListener('click', () => window.print());
}
if (list !== null && copying !== null && 'clipboard' in navigator) {
  copying.hidden = false;
  copying.addEventListener('click', () => void copy(list, copying));
}
