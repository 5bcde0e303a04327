import { describe, expect, it } from 'vitest';

import { clock } from '../mock/clock.ts';
import { filterDeclarations, isCostly, type StyleFindings, type StyleRules } from './css.ts';

const RULES: StyleRules = { remote: new Map(), inline: new Map(), dark: false };

/** A declaration as a browser lists it: longhands, "" for those of a shorthand that is put together later. */
function declaration(values: Record<string, string>): CSSStyleDeclaration {
  const kept = new Map(Object.entries(values));
  const style = {
    [Symbol.iterator]: () => kept.keys(),
    getPropertyValue: (name: string) => kept.get(name) ?? '',
    getPropertyPriority: () => '',
    setProperty: (name: string, value: string) => kept.set(name, value),
    removeProperty: (name: string) => kept.delete(name),
    get cssText() {
      return [...kept].map(([name, value]) => `${name}: ${value}`).join('; ');
    },
  };
  return style as unknown as CSSStyleDeclaration;
}

function kept(values: Record<string, string>): string {
  const style = declaration(values);
  const found: StyleFindings = { blocked: new Set(), paints: false };
  filterDeclarations(style, RULES, found);
  return style.cssText;
}

describe('the style of a mail', () => {
  it('keeps what only looks', () => {
    expect(kept({ color: 'red', 'font-family': '"Gill Sans", sans-serif', width: 'calc(100% - 8px)' })).toBe(
      'color: red; font-family: "Gill Sans", sans-serif; width: calc(100% - 8px)',
    );
  });

  it('leaves out columns, each of which doubles the work of those within it', () => {
    expect(kept({ 'column-count': '3', 'column-width': '9px', 'column-gap': '4px', color: 'red' })).toBe('column-gap: 4px; color: red');
  });

  it('leaves out addresses of the web', () => {
    expect(kept({ 'background-image': 'url("https://piege.test/a.png")', color: 'red' })).toBe('color: red');
  });

  it.each([
    ['a shorthand with a variable', { 'background-image': '', 'background-color': '' }],
    ['a variable with an address', { 'background-image': 'var(--z, url(https://piege.test/a.png))' }],
    ['an address written with escapes', { 'background-image': String.raw`var(--z, u\72l(https://piege.test/a.png))` }],
    ['a variable written with escapes', { 'background-image': String.raw`v\61r(--z,u\72l(https://piege.test/a.png))` }],
    ['a condition', { 'background-image': 'if(style(--x:1): url(https://piege.test/a.png))' }],
    ['a function of its own', { 'background-image': '--k(1)' }],
    ['an attribute', { 'background-image': 'attr(data-x type(<image>))' }],
    ['surroundings', { 'background-image': 'env(x, url(https://piege.test/a.png))' }],
    ['an address with conditions', { 'background-image': 'url("https://piege.test/a.png" crossorigin(anonymous))' }],
    ['an address in two quotes', { 'background-image': `url('data:image/png,"), url("https://piege.test/a.png')` }],
    ['an address without an end', { 'background-image': 'url(https://piege.test/a.png' }],
    ['a string without an end', { 'background-image': '"url(' }],
    ['one that hides behind a string', { 'background-image': `"url(", url(https://piege.test/a.png)` }],
    ['one of two', { 'background-image': 'url("data:image/png;base64,AA"), url("//piege.test/a.png")' }],
    ['two names of pictures', { 'background-image': 'image-set("https://piege.test/a.png" 1x)' }],
  ])('leaves out what is put together when drawn: %s', (_, values) => {
    expect(kept(values)).toBe('');
  });

  it.each([
    ['an address', { content: '"https://ac-rouen.fr"' }],
    ['letters counted', { content: 'counter(a, lower-alpha)' }],
    ['letters between counters', { content: 'counters(a, "", upper-alpha)' }],
    ['a mark of a list', { 'list-style-type': '"ac-rouen.fr "' }],
    ['quotation marks', { quotes: '"ac-rouen" ".fr"' }],
    ['what stands for the rest', { 'text-overflow': '"ac-rouen.fr"' }],
  ])('draws no words that stand in no text: %s', (_, values) => {
    expect(kept(values)).toBe('');
  });

  it.each([
    { content: '""' },
    { content: '"→ "' },
    { content: 'counters(a, ".")' },
    { 'list-style-type': '"– "' },
    { 'list-style-type': 'lower-alpha' },
    { 'background-image': 'url("data:image/png;base64,AA--")' },
    { 'font-family': '"a--b(", serif' },
  ])('keeps $0', (values) => {
    expect(kept(values as Record<string, string>)).toBe(Object.entries(values).map(([name, value]) => `${name}: ${value}`).join(''));
  });

  it.each([
    ['brackets', `"${'url('.repeat(150_000)}"`],
    ['brackets never closed', 'url('.repeat(150_000)],
    ['hyphens', `"${'-'.repeat(600_000)}"`],
    ['bare hyphens', '-'.repeat(600_000)],
    ['blanks', `url(${' '.repeat(600_000)}x`],
    ['quotes', `"" `.repeat(150_000)],
  ])('a value made to take long is read at once: %s', (_, value) => {
    const spent = clock();
    kept({ 'font-family': value });
    expect(spent()).toBeLessThan(500);
  });
});

describe('a selector', () => {
  it.each(['p ~ b', 'p~b', 'p:has(b)', ':is(p:HAS(~ b))', 'p:nth-child(2n+1 of b)', `:is(${'p,'.repeat(2_000)}b)`])('is left out where it looks at everything: %#', (selector) => {
    expect(isCostly(selector)).toBe(true);
  });

  it.each(['p', 'div > p + b', '[class~="x_a"]', 'p:nth-child(2n + 1)', 'a:not(.b):hover', 'td.often', 'p:nth-of-type(2)'])('is kept: %s', (selector) => {
    expect(isCostly(selector)).toBe(false);
  });
});
