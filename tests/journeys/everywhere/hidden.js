// What is hidden from the eye or from assistive technology, for inspecting.py; and the page without its style sheets.
var casierHidden = (() => {
  const clean = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
  const told = (element) => `${element.tagName.toLowerCase()}.${[...element.classList].join('.')} « ${clean(element.textContent).slice(0, 80)} »`;
  const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const all = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.closest('svg, .textLayer, script, style') === null);
  const unique = (list) => [...new Set(list)];
  const says = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
  const TIES = ['aria-controls', 'aria-labelledby', 'aria-describedby', 'aria-activedescendant', 'aria-owns', 'for'];
  const CONTROL = 'a, button, input, select, textarea, label, summary, dialog, [role], [tabindex]';

  /** What the page's scripts listen to on ELEMENT itself. */
  function handled(element) {
    const key = Object.keys(element).find((name) => name.startsWith('__reactProps$'));
    return key !== undefined && element[key].onClick !== undefined;
  }

  function field(element) {
    const ids = (element.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean);
    const required = element.required || element.getAttribute('aria-required') === 'true';
    const said = ids.map((id) => clean(document.getElementById(id)?.textContent));
    const label = element.getAttribute('aria-label') ?? [...(element.labels ?? [])].map((one) => clean(one.textContent)).join(' ');
    return { label, type: element.type, required, invalid: element.getAttribute('aria-invalid'), said };
  }

  return {
    told: () => ({
      unseen: unique(all('body *').filter((one) => says(one) && !seen(one)).map(told)).slice(0, 80),
      spokenAlone: unique(all('.hidden-words, .unseen').filter(seen).map(told)),
      unspoken: unique(all('[aria-hidden=true]').filter((one) => clean(one.textContent) !== '').map(told)),
      live: all('[role=status], [role=alert], [role=log], [aria-live]').map(told),
      fields: all('input:not([type=hidden], [type=file]), select, textarea').filter(seen).map(field),
      errors: all('.field-error, .error, .banner.bad').filter(seen).map(told),
      broken: TIES.flatMap((tie) => all(`[${tie}]`).flatMap((one) => one.getAttribute(tie).split(' ').filter((id) => id !== '' && document.getElementById(id) === null).map((id) => `${tie} leads nowhere: ${told(one)}`))),
      clicked: all('body *').filter((one) => seen(one) && !one.matches(CONTROL) && one.querySelector(CONTROL) === null && handled(one)).map((one) => `pressed, but no control: ${told(one)}`),
    }),
    undress() {
      const sheets = [...document.styleSheets, ...document.adoptedStyleSheets].filter((sheet) => !sheet.disabled);
      for (const sheet of sheets) sheet.disabled = true;
      const styled = all('[style]').map((one) => [one, one.getAttribute('style')]);
      for (const [one] of styled) one.removeAttribute('style');
      window.casierDressed = () => {
        for (const sheet of sheets) sheet.disabled = false;
        for (const [one, style] of styled) one.setAttribute('style', style);
      };
    },
    dress: () => window.casierDressed(),
  };
})();
