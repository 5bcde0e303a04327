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
});
