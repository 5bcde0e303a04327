import { describe, expect, it } from 'vitest';

import { flatten } from './depth.ts';

describe('boxes in boxes', () => {
  it('are taken away beyond a depth, each node moved once, its order kept', () => {
    const page = document.implementation.createHTMLDocument();
    let inside: Element = page.body;
    for (let at = 0; at < 250; at += 1) inside = inside.appendChild(page.createElement('div'));
    for (let at = 0; at < 600; at += 1) inside.appendChild(page.createElement('i')).textContent = `${at} `;
    flatten(page.body);
    let depth = 0;
    for (let one: Element | null = page.querySelector('i'); one !== null; one = one.parentElement) depth += 1;
    expect(depth).toBeLessThan(170);
    expect(page.body.textContent).toBe(Array.from({ length: 600 }, (_, at) => `${at} `).join(''));
  });
});
