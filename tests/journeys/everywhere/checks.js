// Looked at in the page itself, by checks.py. Each gives back sentences, empty when nothing is wrong.
window.casierChecks = (() => {
  const top = () => [...document.querySelectorAll('dialog[open], :popover-open')].at(-1) ?? [...document.querySelectorAll('[role=dialog]')].at(-1) ?? document.body;
  const told = (element) => {
    const words = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40);
    return `${element.tagName.toLowerCase()}.${[...element.classList].join('.')} « ${words} »`;
  };
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const inside = (x, y) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
  const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option], [role=menuitem], [role=menuitemradio], [role=checkbox], [tabindex="0"]';

  /** Nothing scrolls sideways, neither the page nor the sheet on it. */
  function sideways() {
    const found = [];
    if (document.documentElement.scrollWidth > innerWidth + 1) found.push(`the page is ${document.documentElement.scrollWidth} px wide in ${innerWidth}`);
    for (const sheet of document.querySelectorAll('dialog[open], :popover-open, .composer, .reading-scroll, .dialog-body, main')) {
      const style = getComputedStyle(sheet);
      if (seen(sheet) && style.overflowX !== 'hidden' && style.overflowX !== 'clip' && sheet.scrollWidth > sheet.clientWidth + 1 && style.overflowX !== 'visible') found.push(`${told(sheet)} scrolls sideways: ${sheet.scrollWidth} in ${sheet.clientWidth}`);
    }
    return found;
  }

  /** Words that are cut without a sign of it, and those that stick out of their control. */
  function cut() {
    const found = [];
    for (const element of top().querySelectorAll('*')) {
      if (!seen(element) || element.closest('.hidden-words, .unseen, svg, .mail-frame, .textLayer, .skip-link, .skip') !== null) continue;
      const style = getComputedStyle(element);
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
      const over = element.scrollWidth - element.clientWidth > 1 && element.clientWidth > 0 && style.display !== 'inline';
      const hidden = style.overflowX === 'hidden' || style.overflowX === 'clip';
      if (own && over && hidden && style.textOverflow !== 'ellipsis') found.push(`cut: ${told(element)}`);
      if (over && style.overflowX === 'visible' && element.matches('button, a, label, th, legend, h1, h2, h3, select')) found.push(`sticks out: ${told(element)}`);
      if (own && (style.overflowY === 'hidden') && element.scrollHeight - element.clientHeight > 4 && element.clientHeight > 0 && style.webkitLineClamp === 'none' && !element.matches('textarea')) found.push(`cut below: ${told(element)}`);
    }
    return found;
  }

  /** Can it be hit anywhere within SIZE px around its middle? What is asked for 24 px, axe sees. */
  function targets(size) {
    const found = [];
    const reach = size / 2 - 1;
    for (const element of top().querySelectorAll(CONTROLS)) {
      if (!seen(element) || element.matches('.skip-link, .skip, [tabindex="-1"]:not(button, a, input)')) continue;
      const box = element.getBoundingClientRect();
      if (getComputedStyle(element).display === 'inline' && element.matches('a')) continue;
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const at = document.elementFromPoint(x, y);
      if (!inside(x, y) || at === null || !(element.contains(at) || at.contains(element))) continue;
      const ours = (px, py) => {
        if (!inside(px, py)) return true;
        const hit = document.elementFromPoint(px, py);
        return hit !== null && (element.contains(hit) || [...(element.labels ?? [])].some((label) => label.contains(hit)) || hit.closest('label')?.control === element);
      };
      const missed = [[x - reach, y], [x + reach, y], [x, y - reach], [x, y + reach]].filter(([px, py]) => !ours(px, py));
      if (missed.length > 0) found.push(`${Math.round(box.width)} × ${Math.round(box.height)}: ${told(element)}`);
    }
    return found;
  }

  /** One language, one title, one main, one heading of the first level. */
  function landmarks(language) {
    const found = [];
    if (!document.documentElement.lang.startsWith(language)) found.push(`lang is ${document.documentElement.lang}`);
    if (document.title.trim() === '') found.push('no title');
    const mains = [...document.querySelectorAll('main')].filter(seen).length;
    if (mains !== 1) found.push(`${mains} main`);
    const first = [...document.querySelectorAll('h1')].filter(seen).length;
    if (first === 0 && document.querySelector('dialog[open]') === null) found.push(`${first} h1`);
    return found;
  }

  /** The keys are somewhere one sees, and inside the sheet when there is one. */
  function focus() {
    const active = document.activeElement;
    const sheet = [...document.querySelectorAll('dialog[open]')].at(-1);
    if (sheet !== undefined && !sheet.contains(active)) return [`outside the sheet: ${active === null ? 'nowhere' : told(active)}`];
    return [];
  }

  const shown = (element) => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none' || style.borderColor === getComputedStyle(document.documentElement).getPropertyValue('--focus');
  };
  /** The frame that a field lights up instead of itself. */
  const framed = (element) => {
    const frame = element.closest('.search, .recipient-line, .composer-body, .editor, .body');
    return frame !== null && shown(frame);
  };

  /** What gets the keys shows it, each control of what is on top; where one writes, the caret does. */
  function rings() {
    const found = [];
    const before = document.activeElement;
    for (const element of top().querySelectorAll(CONTROLS)) {
      if (!seen(element) || element.disabled || element.tabIndex < 0 || element.matches('[role=combobox], #search, textarea, [contenteditable=true], .recipients input, .compose-subject')) continue;
      element.focus({ preventScroll: true });
      if (document.activeElement === element && !shown(element) && !framed(element)) found.push(told(element));
    }
    if (before === null || before === document.body) document.activeElement?.blur();
    else before.focus({ preventScroll: true });
    return found;
  }

  /** A drawing decorates and is left out, or says what it is. */
  function decor() {
    return [...document.querySelectorAll('svg')].filter((one) => seen(one) && one.closest('[aria-hidden=true]') === null && !(one.getAttribute('role') === 'img' && (one.getAttribute('aria-label') ?? document.getElementById(one.getAttribute('aria-labelledby'))?.textContent ?? '') !== '')).map((one) => `a drawing that says nothing and isn't left out, in ${told(one.parentElement)}`);
  }

  /** The type of the document; looks are left to style sheets; groups of fields have a legend. */
  function page() {
    return document.doctype?.name === 'html' && document.compatMode === 'CSS1Compat' ? [] : ['no document type'];
  }

  function dress() {
    const found = document.querySelectorAll('font, center, big, tt, marquee, blink, basefont, [align], [bgcolor], [link], [vlink], [cellpadding], [hspace]');
    return [...found].filter((one) => one.closest('.editor-text, .ProseMirror, svg, .textLayer') === null).map(told);
  }

  function legends() {
    return [...document.querySelectorAll('fieldset')].filter((one) => seen(one) && (one.querySelector('legend')?.textContent.trim() ?? '') === '').map(told);
  }

  /** What moves although less motion is wanted. */
  function motion() {
    return document.getAnimations().filter((one) => one.playState === 'running').map((one) => `moves: ${one.animationName ?? one.transitionProperty ?? '?'} on ${told(one.effect.target)}`);
  }

  return { sideways, cut, targets, landmarks, focus, rings, decor, page, dress, legends, motion };
})();
