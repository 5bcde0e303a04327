// What a page says while something fails, and what it should never say.
window.casierFailing = (() => {
  const visible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const all = (selector) => [...document.querySelectorAll(selector)].filter(visible);
  const words = (element) => element.innerText.replace(/\s+/g, ' ').trim();
  const TOLD = '.trouble, .status-line, .toast .notice-line, .page-message, .field-error, .banner-warning, .file-failed, .file-coming [role=status], .suggestion-note';
  const CODE = /\bundefined\b|\[object|\bNaN\b|\{"|Error:|WireError|<html|<\/|\bHTTP\/\d|\bError\b/;
  const ENGLISH = /\b(the|please|failed|retry|loading|unable|could not|not found|server|request|connection was|try again)\b/i;
  return {
    told: () => all(TOLD).map(words).filter((text) => text !== ''),
    // Lines of the healthy page that aren't there: what failed and was mended by another request is no failure.
    missing: (healthy) => healthy.split('\n').filter((line) => line.trim().length > 12 && !document.body.innerText.includes(line)).length,
    busy: () => all('[aria-busy=true], .skeleton, .turning, .viewer-turning').map((one) => one.outerHTML.slice(0, 120)),
    wrong(healthy, french) {
      const found = [];
      const lines = document.body.innerText.split('\n').filter((line) => line.trim() !== '' && !healthy.includes(line));
      for (const line of lines) {
        if (CODE.test(line)) found.push(`raw words: ${line.slice(0, 160)}`);
        if (french && ENGLISH.test(line)) found.push(`English: ${line.slice(0, 160)}`);
      }
      for (const one of all('.trouble')) {
        if (one.querySelector('.reference') === null) found.push(`no reference: ${words(one)}`);
      }
      for (const one of all('.dialog-body, .reading-pane, .list-pane, .settings-part, .bell-panel, .composer:not(.composer-small)')) {
        if (words(one).length < 8 && one.querySelector('input, textarea, [contenteditable], img, iframe, canvas') === null) {
          found.push(`empty: .${one.className}`);
        }
      }
      if (document.activeElement === null || document.activeElement === document.body) found.push('the keys are nowhere');
      return found;
    },
    act() {
      const open = all('dialog[open]').at(-1) ?? all('.composer:not(.composer-small)').at(-1) ?? null;
      if (open === null) return null;
      const typed = [];
      const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
      for (const field of open.querySelectorAll('input:not([type]), input[type=text]')) {
        if (!visible(field) || field.value !== '' || field.disabled || field.readOnly || field.role === 'combobox') continue;
        set.call(field, 'Essai de panne');
        field.dispatchEvent(new Event('input', { bubbles: true }));
        typed.push('Essai de panne');
      }
      const buttons = [...open.querySelectorAll('.button-primary, .button-danger')].filter((one) => visible(one) && !one.disabled);
      const button = buttons.at(-1);
      if (button === undefined) return null;
      for (const one of open.querySelectorAll('input.input, textarea, [contenteditable=true]')) {
        const text = (one.value ?? one.innerText).trim();
        if (visible(one) && text !== '') typed.push(text);
      }
      button.focus();
      return new Promise((done) => requestAnimationFrame(() => { if (!button.disabled) button.click(); done([...new Set(typed)]); }));
    },
    // A message that is under way may be seen in its own line instead.
    lost(typed) {
      const there = [...document.querySelectorAll('input, textarea')].map((one) => one.value).join('\n') + document.body.innerText;
      if (all('.toast').length > 0) return [];
      return typed.filter((text) => !there.includes(text)).map((text) => `lost: ${text.slice(0, 80)}`);
    },
  };
})();
