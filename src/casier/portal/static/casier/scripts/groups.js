// @ts-check
/**
 * While a rule is written: whom it means. The page shows the same by its button without this.
 */

const PAUSE = 400; // milliseconds after the last key

/**
 * @param {HTMLFormElement} form
 * @param {string} url
 * @param {string} rule
 * @param {AbortSignal} signal
 * @returns {Promise<Document | null>} the piece of page; null when the server can't say anything now
 */
async function ask(form, url, rule, signal) {
  const body = new FormData();
  const token = new FormData(form).get('csrfmiddlewaretoken');
  body.set('csrfmiddlewaretoken', typeof token === 'string' ? token : '');
  body.set('regle', rule);
  body.set('groupe', form.dataset.group ?? '');
  try {
    const answer = await fetch(url, { method: 'POST', body, credentials: 'same-origin', signal });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), 'text/html');
  } catch {
    return null;
  }
}

/** @param {HTMLFormElement} form @param {HTMLTextAreaElement} input @param {HTMLElement} place @param {string} url */
function follow(form, input, place, url) {
  let timer = 0;
  // What the page came with; somebody quick has typed more before this script was there.
  let shown = input.defaultValue;
  let asking = new AbortController();

  async function show() {
    if (input.value === shown) return;
    const rule = input.value;
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    place.setAttribute('aria-busy', 'true');
    const found = await ask(form, url, rule, signal);
    // What was asked before the last key says nothing any more.
    if (signal.aborted) return;
    place.removeAttribute('aria-busy');
    if (found === null) return;
    shown = rule;
    place.replaceChildren(...found.body.childNodes);
  }

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void show(), PAUSE);
  });
  void show();
}

for (const form of document.querySelectorAll('form[data-preview]')) {
  const input = form.querySelector('textarea[name="regle"]');
  const place = form.querySelector('#apercu');
  if (!(form instanceof HTMLFormElement) || !(input instanceof HTMLTextAreaElement)) continue;
  if (place instanceof HTMLElement) follow(form, input, place, form.dataset.preview ?? '');
}
