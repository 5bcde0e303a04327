import { describe, expect, it } from 'vitest';

import { richOf, textOf } from './text.ts';

describe('a plain text that gets form', () => {
  it('keeps its lines, and what it quotes is a quotation as deep as it was', () => {
    const text = 'Oui.\n\n> Bonjour <Paul>\n>> à dix heures ?\n> Merci';
    expect(richOf(text)).toBe(
      '<p>Oui.</p><p></p><blockquote><p>Bonjour &lt;Paul&gt;</p><blockquote><p>à dix heures ?</p></blockquote><p>Merci</p></blockquote>',
    );
  });

  it('is the same text afterwards', () => {
    expect(textOf(richOf('Un\n\nDeux\nTrois'))).toBe('Un\n\nDeux\nTrois');
  });

  it('numbers that stand higher or lower keep their height', () => {
    expect(textOf('<p>10<sup>3</sup> m<sup>2</sup>, H<sub>2</sub>O, 6<sup>e</sup> A</p>')).toBe('10³ m², H₂O, 6e A');
  });
});
