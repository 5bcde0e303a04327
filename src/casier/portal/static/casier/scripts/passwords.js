// @ts-check
// While a password is chosen: show it, weigh it, suggest one; and copy one that is shown once.
// The pages work without any of it.

const PAUSE = 350; // milliseconds after the last key

/**
 * @typedef {object} Weighed
 * @property {number} strength
 * @property {string} word
 * @property {string[]} against
 */

/**
 * @param {HTMLFormElement} form
 * @param {string} url
 * @param {Record<string, string>} fields
 * @returns {Promise<unknown>} what the server says; null when it can't say anything now
 */
async function ask(form, url, fields) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", String(new FormData(form).get("csrfmiddlewaretoken") ?? ""));
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  try {
    const answer = await fetch(url, { method: "POST", body, credentials: "same-origin" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} field
 */
function offerToShow(input, field) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.setAttribute("aria-controls", input.id);
  /** @param {boolean} shown */
  const put = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = (shown ? field.dataset.hide : field.dataset.show) ?? "";
    button.setAttribute("aria-pressed", String(shown));
  };
  button.addEventListener("click", () => {
    put(input.type === "password");
    input.focus();
  });
  // Hidden again before it is sent: browsers remember what was typed into a text field.
  input.form?.addEventListener("submit", () => put(false));
  put(false);
  input.after(button);
  return () => put(true);
}

/** @param {HTMLElement} field */
function prepare(field) {
  const input = field.querySelector("input");
  const form = input?.form;
  const meter = /** @type {HTMLElement | null} */ (field.querySelector(".strength"));
  const bar = /** @type {HTMLElement | null} */ (field.querySelector(".strength-bar"));
  const word = field.querySelector(".strength-word");
  const list = field.querySelector(".error");
  const url = field.dataset.strength;
  if (!input || !form || !meter || !bar || !word || !list || !url) return;
  const show = offerToShow(input, field);
  let waiting = 0;
  let asked = 0;

  const weigh = async () => {
    const mine = ++asked;
    const said = input.value ? /** @type {Weighed | null} */ (await ask(form, url, { nouveau: input.value })) : null;
    if (mine !== asked) return; // something else was typed meanwhile
    meter.hidden = said === null;
    if (said === null) {
      list.replaceChildren();
      return;
    }
    bar.dataset.level = String(said.strength);
    word.textContent = said.word;
    const fits = said.against.length === 0;
    list.classList.toggle("fits", fits);
    field.classList.toggle("wrong", false);
    list.replaceChildren(
      ...(fits ? [field.dataset.fits ?? ""] : said.against).map((sentence) => {
        const item = document.createElement("li");
        item.textContent = sentence;
        return item;
      }),
    );
  };

  input.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(weigh, PAUSE);
  });

  const actions = /** @type {HTMLElement | null} */ (form.querySelector(".idea-actions"));
  const idea = form.querySelector("[data-suggestion]");
  if (!actions || !idea) return;
  actions.hidden = false;
  actions.querySelector("[data-take]")?.addEventListener("click", () => {
    input.value = idea.textContent ?? "";
    show();
    input.focus();
    void weigh();
  });
  actions.querySelector("[data-another]")?.addEventListener("click", async () => {
    const said = /** @type {{suggestion?: string} | null} */ (await ask(form, url, { idee: "1" }));
    if (said?.suggestion) idea.textContent = said.suggestion;
  });
}

/** @param {HTMLButtonElement} button */
function offerToCopy(button) {
  const shown = document.getElementById(button.dataset.copy ?? "");
  if (!shown || !navigator.clipboard) return;
  button.hidden = false;
  const before = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(shown.textContent ?? "");
    button.textContent = button.dataset.done ?? before;
    window.setTimeout(() => (button.textContent = before), 4000);
  });
}

document.querySelectorAll("[data-strength]").forEach((field) => prepare(/** @type {HTMLElement} */ (field)));
document.querySelectorAll("button[data-copy]").forEach((button) => offerToCopy(/** @type {HTMLButtonElement} */ (button)));
