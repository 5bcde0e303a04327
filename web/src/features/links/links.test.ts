import { describe, expect, it } from 'vitest';

import { linksIn } from '../../store/words/links.ts';
import { block } from './block.ts';

const TOKEN = 'A'.repeat(43);
const ADDRESS = `https://rouen.localhost:8443/lien/${TOKEN}/`;

describe('links of a message', () => {
  it('are found in what one writes, once each', () => {
    const html = block({ name: 'photos.zip', size: '1,8 Go' }, ADDRESS, 'Jusqu’au 7 décembre.');
    expect(linksIn({ html: html + html, text: null })).toEqual([TOKEN]);
    expect(linksIn({ html: '', text: `photos.zip <${ADDRESS}>` })).toEqual([TOKEN]);
  });

  it('give no right when they are quoted', () => {
    expect(linksIn({ html: `<blockquote><p><a href="${ADDRESS}">x</a></p></blockquote>`, text: null })).toEqual([]);
    expect(linksIn({ html: '', text: `> ${ADDRESS}` })).toEqual([]);
  });

  it('are no links with another length', () => {
    expect(linksIn({ html: `<a href="${ADDRESS.replace('A/', 'AA/')}">x</a>`, text: null })).toEqual([]);
  });

  it('stand in a block that no name breaks out of', () => {
    const html = block({ name: '"><img src=x onerror=alert(1)>', size: '1 Ko' }, ADDRESS, 'x');
    const { body } = new DOMParser().parseFromString(html, 'text/html');
    expect(body.querySelector('img')).toBeNull();
    expect(body.querySelector('a')?.textContent).toBe('"><img src=x onerror=alert(1)>');
  });
});
