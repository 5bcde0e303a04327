import { describe, expect, it } from 'vitest';

import { clock } from '../mock/clock.ts';
import { foldHistory } from './quotes.ts';

function fold(html: string): { folded: boolean; left: string } {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const folded = foldHistory(body);
  return { folded, left: body.textContent.trim() };
}

describe('the history of an HTML message', () => {
  it.each([
    ['Gmail', '<div>Oui.</div><div class="gmail_quote"><div>Le lun. 3 nov., Paul a écrit :</div><blockquote>Non</blockquote></div>'],
    ['Thunderbird', '<p>Oui.</p><div class="moz-cite-prefix">Le 3/11, Paul a écrit :</div><blockquote type="cite">Non</blockquote>'],
    ['Outlook', '<div>Oui.</div><div style="border-top: 1pt solid rgb(225, 225, 225)"><p>De : Paul<br>Envoyé : hier</p></div><p>Non</p>'],
    ['Outlook, by words alone', '<p>Oui.</p><p>De : Paul Roux<br>Envoyé : lundi 3 novembre<br>À : Claire</p><p>Non</p>'],
    ['Apple', '<div>Oui.</div><div><br><blockquote type="cite"><div>Le 3 nov. 2026 à 10:00, Paul a écrit :</div>Non</blockquote></div>'],
    ['our own', '<p>Oui.</p><p>Le lundi 3 novembre, 10 h, Paul a écrit :</p><blockquote type="cite"><p>Non</p></blockquote>'],
  ])('is folded: %s', (_name, html) => {
    expect(fold(html)).toEqual({ folded: true, left: 'Oui.' });
  });

  it('takes no time to look for where there is nothing to read', () => {
    const html = `${'<div>'.repeat(100)}${'<span></span>'.repeat(4_000)}`;
    const spent = clock();
    fold(html);
    expect(spent()).toBeLessThan(4_000);
  });

  it.each([
    ['forwarded', '<p>Pour vous.</p><div class="gmail_quote">---------- Message transféré ---------<br>Contenu</div>'],
    ['nothing else', '<blockquote type="cite">Tout</blockquote>'],
    ['answered below', '<p>Paul :</p><blockquote type="cite">Quand ?</blockquote><p>Demain matin, à huit heures.</p>'],
    ['no quotation', '<p>Bonjour</p><p>Merci</p>'],
  ])('is left: %s', (_name, html) => {
    const before = new DOMParser().parseFromString(html, 'text/html').body.textContent.trim();
    expect(fold(html)).toEqual({ folded: false, left: before });
  });
});
