// What things are called and how they are tied to each other; loaded after checks.js, by checks.py.
(() => {
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const clean = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
  const told = (element) => `${element.tagName.toLowerCase()}.${[...element.classList].join('.')} « ${nameOf(element).slice(0, 60)} »`;
  const all = (selector) => [...document.querySelectorAll(selector)].filter((one) => seen(one) && one.closest('.editor-text, .textLayer') === null);
  const FIELDS = 'input:not([type=hidden], [type=file]), select, textarea, [role=combobox], [role=switch]';

  /** The words that name ELEMENT: nearly what a browser computes, enough for what we write. */
  function nameOf(element) {
    const by = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)).filter(Boolean);
    if (by.length > 0) return clean(by.map((one) => one.textContent).join(' '));
    const label = element.getAttribute('aria-label');
    if (label) return clean(label);
    if (element.labels?.length) return clean([...element.labels].map((one) => one.textContent).join(' '));
    return clean(element.textContent) || clean(element.getAttribute('alt') ?? element.getAttribute('title') ?? element.getAttribute('placeholder'));
  }

  /** Each identifier once, and nothing stands where HTML doesn't let it: read again, the page is the same. */
  function valid() {
    const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
    const found = [...new Set(ids.filter((id, at) => id === '' || ids.indexOf(id) !== at))].map((id) => `twice: #${id}`);
    const here = document.body.cloneNode(true);
    here.querySelectorAll('iframe, noscript, textarea, pre, [contenteditable=true]').forEach((one) => one.replaceChildren());
    // What script makes of a drawing bears the same names in other spaces.
    here.querySelectorAll('svg').forEach((one) => one.replaceWith(document.createElement('span')));
    here.normalize();
    const again = new DOMParser().parseFromString(here.outerHTML, 'text/html').body;
    again.normalize();
    const differs = firstDifference(here, again);
    return differs === null ? found : [...found, `misplaced: ${differs}`];
  }

  function firstDifference(one, other) {
    if (one.isEqualNode(other)) return null;
    const [ours, theirs] = [[...one.childNodes], [...other.childNodes]];
    const at = ours.findIndex((node, place) => theirs[place] === undefined || !node.isEqualNode(theirs[place]));
    if (at < 0 || ours.length !== theirs.length || ours[at].nodeType !== 1) return one.outerHTML?.slice(0, 150) ?? clean(one.textContent);
    return firstDifference(ours[at], theirs[at]);
  }

  /** Boxes of which one is chosen stand in a group that has a name. */
  function groups() {
    const names = all('input[type=radio]').filter((one) => {
      const group = one.closest('fieldset, [role=radiogroup], [role=group]');
      return group === null || (group.tagName === 'FIELDSET' ? clean(group.querySelector('legend')?.textContent) : nameOf(group)) === '';
    });
    return names.map(told);
  }

  /** The words of a field stand right beside it. */
  function beside() {
    const far = (one, two) => Math.max(0, one.left - two.right, two.left - one.right, one.top - two.bottom, two.top - one.bottom);
    // Where chips stand between them, they are the field.
    return all(FIELDS).filter((field) => field.closest('.recipients') === null).flatMap((field) => {
      const labels = [...(field.labels ?? [])].filter(seen);
      const gaps = labels.map((label) => far(label.getBoundingClientRect(), field.getBoundingClientRect()));
      return gaps.length > 0 && Math.min(...gaps) > 48 ? [`${Math.round(Math.min(...gaps))} px: ${told(field)}`] : [];
    });
  }

  const VAGUE = /^(ici|cliquez ici|lire la suite|en savoir plus|lien|voir|here|click here|more|read more|link|see)$/i;
  /** A link says where it leads; two that say the same lead to the same. */
  function links() {
    const found = all('a[href]').map((one) => [nameOf(one), one.href.split('#')[0], one]);
    const vague = found.filter(([name]) => name === '' || VAGUE.test(name));
    const twice = found.filter(([name, href]) => found.some(([other, place]) => other === name && place !== href));
    return [...new Set([...vague, ...twice].map(([, href, one]) => `${told(one)} to ${href}`))];
  }

  /** Who speaks the words that one sees is understood: they are in the name. */
  function spoken() {
    const plain = (text) => clean(text).toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
    return all('a[href], button, [role=button], [role^=menuitem], [role=tab]').flatMap((one) => {
      const shown = [...one.querySelectorAll('.hidden-words, .unseen, [aria-hidden=true], kbd')].reduce((text, hidden) => text.replace(hidden.textContent, ' '), one.innerText ?? '');
      return one.hasAttribute('aria-label') && !plain(nameOf(one)).includes(plain(shown)) ? [`${told(one)} shows « ${clean(shown).slice(0, 60)} »`] : [];
    });
  }

  /** All names of the screen, to be read by who judges them. */
  function inventory() {
    const names = (selector) => [...new Set(all(selector).map(nameOf).filter((name) => name !== ''))];
    const legends = all('legend').map((one) => clean(one.textContent));
    return {
      title: document.title,
      headings: all('h1, h2, h3, h4').map((one) => `${one.tagName.slice(1)} ${clean(one.textContent).slice(0, 80)}`),
      parts: all('main, nav, header, footer, aside, section[aria-label], [role=region], [role=search], dialog[open]').map((one) => `${one.getAttribute('role') ?? one.tagName.toLowerCase()} ${one.matches('[aria-label], [aria-labelledby]') ? nameOf(one).slice(0, 80) : ''}`),
      frames: all('iframe').map((one) => one.title),
      images: all('img, [role=img]').map((one) => one.getAttribute('alt') ?? nameOf(one)),
      links: all('a[href]').map((one) => `${nameOf(one).slice(0, 80)} → ${new URL(one.href).pathname}`),
      buttons: names('button, [role^=menuitem]').map((name) => name.slice(0, 80)),
      fields: all(FIELDS).map((one) => `${nameOf(one).slice(0, 80)} (${one.type ?? one.getAttribute('role')}${one.required ? ', required' : ''})`),
      groups: [...legends, ...names('[role=group], [role=radiogroup], [role=toolbar], [role=grid], [role=listbox]').map((name) => name.slice(0, 80))],
      tables: all('table').map((one) => clean(one.caption?.textContent)),
      tips: names('[title]').length > 0 ? [...new Set(all('[title]').map((one) => one.title))] : [],
    };
  }

  Object.assign(window.casierChecks, { valid, groups, beside, links, spoken, inventory });
})();
