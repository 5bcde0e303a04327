// @ts-check
/**
 * Keys and passkeys (WebAuthn): the browser asks the authenticator, a form of the page carries its answer.
 *
 * `form[data-key]` is a page of its own: `get` shows a key, `create` makes one. `[data-passkey]` on the sign-in
 * page becomes a button, and the name field offers passkeys by itself where the browser can.
 */

/** @typedef {Record<string, any>} Json What the server asks, in the forms of WebAuthn §5.4 and §5.5. */

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

/** @param {Json[] | undefined} listed @returns {PublicKeyCredentialDescriptor[]} */
function descriptors(listed) {
  return (listed ?? []).map((one) => ({ type: 'public-key', ...one, id: bytes(one.id) }));
}

/** @param {Json} asked @returns {PublicKeyCredentialCreationOptions} */
function toCreate(asked) {
  return {
    rp: asked.rp,
    pubKeyCredParams: asked.pubKeyCredParams,
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: descriptors(asked.excludeCredentials),
  };
}

/** @param {Json} asked @returns {PublicKeyCredentialRequestOptions} */
function toGet(asked) {
  return { ...asked, challenge: bytes(asked.challenge), allowCredentials: descriptors(asked.allowCredentials) };
}

/** What an authenticator answered, as the server reads it (WebAuthn §5.1.4). @param {Credential | null} answer */
function written(answer) {
  if (!(answer instanceof PublicKeyCredential)) throw new DOMException('', 'NotAllowedError');
  const { response } = answer;
  /** @type {Json} */
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

/** @param {string} address @param {FormData} [fields] @returns {Promise<Json | null>} What to ask; null: nothing here. */
async function question(address, fields) {
  const body = fields ?? new FormData();
  const answer = await fetch(address, { method: 'POST', body, headers: { 'X-CSRFToken': token() } });
  if (answer.status === 404) return null;
  if (!answer.ok || answer.redirected) throw new Error(answer.status.toString());
  return /** @type {Json} */ (await answer.json());
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

/** @param {HTMLFormElement} form */
async function ask(form) {
  tell(form, '');
  const creating = form.dataset.key === 'create';
  const button = form.querySelector('button');
  if (button !== null) button.disabled = true;
  try {
    const asked = await question(form.dataset.options ?? '', new FormData(form));
    if (asked === null) throw new Error('404');
    const answer = creating
      ? await navigator.credentials.create({ publicKey: toCreate(asked) })
      : await navigator.credentials.get({ publicKey: toGet(asked) });
    const field = form.elements.namedItem('reponse');
    if (field instanceof HTMLInputElement) field.value = written(answer);
    form.submit();
  } catch (caught) {
    const isKnown = caught instanceof DOMException && caught.name === 'InvalidStateError';
    tell(form, (isKnown ? form.dataset.known : ended(caught) ? form.dataset.cancelled : form.dataset.failed) ?? '');
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
  /** @type {Json} */
  const fields = { csrfmiddlewaretoken: token(), reponse: answer, suite: said.get('suite') ?? '' };
  if (said.has('poste_partage')) fields.poste_partage = 'on';
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = name;
    field.value = String(value);
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

/** Offered in the name field by the browser itself, until the button is pressed. @param {HTMLInputElement} name @param {AbortSignal} signal */
async function offer(name, signal) {
  const can = await PublicKeyCredential.isConditionalMediationAvailable?.();
  if (can !== true) return;
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
