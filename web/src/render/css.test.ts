import { describe, expect, it } from 'vitest';

import { filterDeclarations, type StyleFindings, type StyleRules } from './css.ts';

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
  ])('leaves out what is put together when drawn: %s', (_, values) => {
    expect(kept(values)).toBe('');
  });
});
