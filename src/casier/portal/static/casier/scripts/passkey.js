// @ts-check
/**
 * Keys and passkeys (WebAuthn): the browser asks the authenticator, a form of the page carries its answer.
 *
 * `form[data-key]` is a page of its own: `get` shows a key, `create` makes one. `[data-passkey]` on the sign-in
 * page becomes a button, and the name field offers passkeys by itself where the browser can.
 */

/**
 * What the server asks, in JSON (WebAuthn §5.1.8, §5.1.9). Its extensions have no bytes to read.
 *
 * @typedef {{ extensions?: AuthenticationExtensionsClientInputs }} Plain
 * @typedef {Omit<PublicKeyCredentialCreationOptionsJSON, 'extensions'> & Plain} ToMake
 * @typedef {Omit<PublicKeyCredentialRequestOptionsJSON, 'extensions'> & Plain} ToShow
 */

const WORDS = {
  fr: {
    button: 'Se connecter avec une clé d’accès',
    cancelled: 'Aucune clé d’accès n’a répondu. Recommencez, ou utilisez votre mot de passe.',
    failed: 'La clé d’accès n’a pas pu être demandée. Utilisez votre mot de passe.',
  },
  en: {
    button: 'Sign in with a passkey',
    cancelled: 'No passkey answered. Try again, or use your password.',
    failed: 'The passkey could not be asked for. Use your password.',
  },
};

/** @param {string} text base64url @returns {Uint8Array<ArrayBuffer>} */
function bytes(text) {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** @param {ArrayBuffer | null} buffer @returns {string} base64url */
function base64url(buffer) {
  const plain = [...new Uint8Array(buffer ?? new ArrayBuffer(0))].map((byte) => String.fromCharCode(byte)).join('');
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @param {PublicKeyCredentialDescriptorJSON[] | undefined} listed @returns {PublicKeyCredentialDescriptor[]} */
function descriptors(listed) {
  return (listed ?? []).map((one) => {
    const known = { type: /** @type {const} */ ('public-key'), id: bytes(one.id) };
    return one.transports === undefined
      ? known
      : { ...known, transports: /** @type {AuthenticatorTransport[]} */ (one.transports) };
  });
}

/** @param {unknown} asked @returns {PublicKeyCredentialCreationOptions} */
function toCreate(asked) {
  const said = /** @type {ToMake} */ (asked);
  return /** @type {PublicKeyCredentialCreationOptions} */ ({
    ...said,
    challenge: bytes(said.challenge),
    user: { ...said.user, id: bytes(said.user.id) },
    excludeCredentials: descriptors(said.excludeCredentials),
  });
}

/** @param {unknown} asked @returns {PublicKeyCredentialRequestOptions} */
function toGet(asked) {
  const said = /** @type {ToShow} */ (asked);
  return /** @type {PublicKeyCredentialRequestOptions} */ ({
    ...said,
    challenge: bytes(said.challenge),
    allowCredentials: descriptors(said.allowCredentials),
  });
}

/** What an authenticator answered, as the server reads it (WebAuthn §5.1.4). @param {Credential | null} answer */
function written(answer) {
  if (!(answer instanceof PublicKeyCredential)) throw new DOMException('', 'NotAllowedError');
  const { response } = answer;
  /** @type {Record<string, unknown>} */
  const told = { clientDataJSON: base64url(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    told.attestationObject = base64url(response.attestationObject);
    told.transports = response.getTransports();
  } else if (response instanceof AuthenticatorAssertionResponse) {
    told.authenticatorData = base64url(response.authenticatorData);
    told.signature = base64url(response.signature);
    if (response.userHandle !== null) told.userHandle = base64url(response.userHandle);
  }
  return JSON.stringify({ id: answer.id, rawId: base64url(answer.rawId), type: answer.type, response: told });
}

/** @returns {string} The token against forged requests: that of the page's own form. */
function token() {
  const field = document.querySelector('input[name=csrfmiddlewaretoken]');
  return field instanceof HTMLInputElement ? field.value : '';
}

/** @param {string} address @param {FormData} [fields] @returns {Promise<unknown>} What to ask; null: nothing here. */
async function question(address, fields) {
  const body = fields ?? new FormData();
  const answer = await fetch(address, { method: 'POST', body, headers: { 'X-CSRFToken': token() } });
  if (answer.status === 404) return null;
  if (!answer.ok || answer.redirected) throw new Error(answer.status.toString());
  /** @type {unknown} */
  const asked = await answer.json();
  return asked;
}

/** @param {unknown} caught @returns {boolean} Whether the person, or time, ended it. */
function ended(caught) {
  return caught instanceof DOMException && (caught.name === 'NotAllowedError' || caught.name === 'AbortError');
}

/** @param {HTMLFormElement} form @param {string} text */
function tell(form, text) {
  const place = form.querySelector('[data-key-told]');
  if (!(place instanceof HTMLElement)) return;
  place.textContent = text;
  place.hidden = text === '';
}

/** @param {HTMLFormElement} form @returns {Promise<string>} What the authenticator answered. */
async function answered(form) {
  const asked = await question(form.dataset.options ?? '', new FormData(form));
  if (asked === null) throw new Error('404');
  return written(
    form.dataset.key === 'create'
      ? await navigator.credentials.create({ publicKey: toCreate(asked) })
      : await navigator.credentials.get({ publicKey: toGet(asked) }),
  );
}

/** @param {DOMStringMap} said What the page says. @param {unknown} caught @returns {string} Why nothing came of it. */
function excuse(said, caught) {
  if (caught instanceof DOMException && caught.name === 'InvalidStateError') return said.known ?? '';
  return (ended(caught) ? said.cancelled : said.failed) ?? '';
}

/** @param {HTMLFormElement} form */
async function ask(form) {
  tell(form, '');
  const button = form.querySelector('button');
  if (button !== null) button.disabled = true;
  try {
    const answer = await answered(form);
    const field = form.elements.namedItem('reponse');
    if (field instanceof HTMLInputElement) field.value = answer;
    form.submit();
  } catch (caught) {
    tell(form, excuse(form.dataset, caught));
    if (button !== null) button.disabled = false;
  }
}

for (const form of document.querySelectorAll('form[data-key]')) {
  if (!(form instanceof HTMLFormElement)) continue;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void ask(form);
  });
}

// The sign-in page ---------------------------------------------------------------------------------

/** @param {string} answer Send it with what the sign-in form says beside the password. */
function enter(answer) {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = '/connexion/passkey/';
  const page = document.querySelector('form[action="/connexion/"]');
  const said = page instanceof HTMLFormElement ? new FormData(page) : new FormData();
  const next = said.get('suite');
  /** @type {Record<string, string>} */
  const fields = { csrfmiddlewaretoken: token(), reponse: answer, suite: typeof next === 'string' ? next : '' };
  if (said.has('poste_partage')) fields.poste_partage = 'on';
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

/** Offered in the name field by the browser itself, until the button is pressed. @param {HTMLInputElement} name @param {AbortSignal} signal */
async function offer(name, signal) {
  // Browsers before 2022 don't know the question.
  if (!('isConditionalMediationAvailable' in PublicKeyCredential)) return;
  if (!(await PublicKeyCredential.isConditionalMediationAvailable())) return;
  name.autocomplete = 'username webauthn';
  const asked = await question('/connexion/passkey/options/');
  if (asked === null || signal.aborted) return;
  enter(written(await navigator.credentials.get({ mediation: 'conditional', publicKey: toGet(asked), signal })));
}

/** @param {HTMLElement} place */
function prepare(place) {
  const words = document.documentElement.lang === 'en' ? WORDS.en : WORDS.fr;
  const button = place.querySelector('button') ?? document.createElement('button');
  if (!button.isConnected) {
    button.type = 'button';
    button.className = 'wide';
    button.textContent = words.button;
    place.append(button);
  }
  const told = document.createElement('p');
  told.className = 'error';
  told.setAttribute('role', 'status');
  place.append(told);
  place.hidden = false;
  const offering = new AbortController();
  button.addEventListener('click', () => {
    offering.abort();
    told.textContent = '';
    question('/connexion/passkey/options/')
      .then(async (asked) => {
        if (asked === null) throw new Error('404');
        enter(written(await navigator.credentials.get({ publicKey: toGet(asked) })));
      })
      .catch((/** @type {unknown} */ caught) => {
        told.textContent = ended(caught) ? words.cancelled : words.failed;
      });
  });
  const name = document.querySelector('input[name=identifiant]');
  if (name instanceof HTMLInputElement) offer(name, offering.signal).catch(() => undefined);
}

const place = document.querySelector('[data-passkey]');
if (place instanceof HTMLElement && 'PublicKeyCredential' in window) prepare(place);
