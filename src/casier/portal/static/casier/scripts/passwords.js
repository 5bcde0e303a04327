// @ts-check
/**
 * While a password is chosen: show it, weigh it, suggest one; and copy one that is shown once. The pages work
 * without any of it.
 */

const PAUSE = 350; // milliseconds after the last key
const TOLD = 4000;

/**
 * @typedef {object} Weighed
 * @property {number} strength
 * @property {string} word
 * @property {string[]} against
 */

/**
 * Where the password is typed, and where the page says what it is worth.
 *
 * @typedef {object} Parts
 * @property {HTMLElement} field
 * @property {HTMLInputElement} input
 * @property {HTMLElement} meter
 * @property {HTMLElement} bar
 * @property {HTMLElement} word
 * @property {HTMLElement} list
 */

/** @param {ParentNode} place @param {string} selector @returns {HTMLElement | null} */
function one(place, selector) {
  const found = place.querySelector(selector);
  return found instanceof HTMLElement ? found : null;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} url
 * @param {Record<string, string>} fields
 * @returns {Promise<unknown>} what the server says; null when it can't say anything now
 */
async function ask(form, url, fields) {
  const body = new FormData();
  const token = new FormData(form).get('csrfmiddlewaretoken');
  body.set('csrfmiddlewaretoken', typeof token === 'string' ? token : '');
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  try {
    const answer = await fetch(url, { method: 'POST', body, credentials: 'same-origin' });
    return answer.ok ? /** @type {unknown} */ (await answer.json()) : null;
  } catch {
    return null;
  }
}

/** @param {HTMLInputElement} input @param {HTMLElement} field @returns {() => void} what shows it */
function offerToShow(input, field) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  button.setAttribute('aria-controls', input.id);
  /** @param {boolean} shown */
  const put = (shown) => {
    input.type = shown ? 'text' : 'password';
    button.textContent = (shown ? field.dataset.hide : field.dataset.show) ?? '';
    button.setAttribute('aria-pressed', String(shown));
  };
  button.addEventListener('click', () => {
    put(input.type === 'password');
    input.focus();
  });
  // Hidden again before it is sent: browsers remember what was typed into a text field.
  input.form?.addEventListener('submit', () => put(false));
  put(false);
  input.after(button);
  return () => put(true);
}

/** @param {HTMLElement} field @returns {Parts | null} */
function partsOf(field) {
  const input = field.querySelector('input');
  const meter = one(field, '.strength');
  const bar = one(field, '.strength-bar');
  const word = one(field, '.strength-word');
  const list = one(field, '.error');
  if (input === null || meter === null || bar === null || word === null || list === null) return null;
  return { field, input, meter, bar, word, list };
}

/** @param {Parts} parts @param {Weighed | null} said */
function tell({ field, meter, bar, word, list }, said) {
  meter.hidden = said === null;
  if (said === null) {
    list.replaceChildren();
    return;
  }
  bar.dataset.level = String(said.strength);
  word.textContent = said.word;
  const fits = said.against.length === 0;
  list.classList.toggle('fits', fits);
  field.classList.remove('wrong');
  list.replaceChildren(
    ...(fits ? [field.dataset.fits ?? ''] : said.against).map((sentence) => {
      const item = document.createElement('li');
      item.textContent = sentence;
      return item;
    }),
  );
}

/** @param {Parts} parts @param {HTMLFormElement} form @param {string} url @returns {() => void} what weighs it now */
function weighing(parts, form, url) {
  let waiting = 0;
  let asked = 0;
  const weigh = async () => {
    const mine = ++asked;
    const { value } = parts.input;
    const said = value === '' ? null : /** @type {Weighed | null} */ (await ask(form, url, { nouveau: value }));
    // Unless something else was typed meanwhile.
    if (mine === asked) tell(parts, said);
  };
  parts.input.addEventListener('input', () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void weigh(), PAUSE);
  });
  return () => void weigh();
}

/** @param {HTMLFormElement} form @param {string} url @param {HTMLElement} idea */
async function anotherIdea(form, url, idea) {
  const said = /** @type {{suggestion?: string} | null} */ (await ask(form, url, { idee: '1' }));
  if (said?.suggestion) idea.textContent = said.suggestion;
}

/** @param {HTMLElement} field */
function prepare(field) {
  const parts = partsOf(field);
  const form = parts?.input.form;
  const url = field.dataset.strength;
  if (!parts || !form || !url) return;
  const { input } = parts;
  const show = offerToShow(input, field);
  const weigh = weighing(parts, form, url);
  const actions = one(form, '.idea-actions');
  const idea = one(form, '[data-suggestion]');
  if (actions === null || idea === null) return;
  actions.hidden = false;
  actions.querySelector('[data-take]')?.addEventListener('click', () => {
    input.value = idea.textContent;
    show();
    input.focus();
    weigh();
  });
  actions.querySelector('[data-another]')?.addEventListener('click', () => void anotherIdea(form, url, idea));
}

/** @param {HTMLButtonElement} button @param {HTMLElement} shown @param {string} before What the button says. */
async function copy(button, shown, before) {
  await navigator.clipboard.writeText(shown.textContent);
  button.textContent = button.dataset.done ?? before;
  window.setTimeout(() => (button.textContent = before), TOLD);
}

/** @param {HTMLButtonElement} button */
function offerToCopy(button) {
  const shown = document.getElementById(button.dataset.copy ?? '');
  if (shown === null || !('clipboard' in navigator)) return;
  button.hidden = false;
  const before = button.textContent;
  button.addEventListener('click', () => void copy(button, shown, before));
}

for (const field of document.querySelectorAll('[data-strength]')) {
  if (field instanceof HTMLElement) prepare(field);
}
for (const button of document.querySelectorAll('button[data-copy]')) {
  if (button instanceof HTMLButtonElement) offerToCopy(button);
}
