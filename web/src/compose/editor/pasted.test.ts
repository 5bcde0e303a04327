import { describe, expect, it } from 'vitest';

import { linesOf, simplified } from './pasted.ts';

function item(depth: number, mark: string, text: string): string {
  return (
    `<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level${depth} lfo1'><![if !supportLists]>` +
    `<span style='font-family:Symbol'><span style='mso-list:Ignore'>${mark}<span>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>${text}<o:p></o:p></p>`
  );
}

describe('pasted from Word', () => {
  it('lists are lists, as deep as they were', () => {
    const html = simplified(`<p class=MsoNormal>Avant</p>${item(1, '·', 'cahier')}${item(2, 'o', 'grand')}${item(1, '·', 'règle')}<p class=MsoNormal>Après</p>`);
    const { body } = new DOMParser().parseFromString(html, 'text/html');
    expect([...body.children].map(({ tagName }) => tagName)).toEqual(['P', 'UL', 'P']);
    expect([...body.querySelectorAll('li p')].map(({ textContent }) => textContent)).toEqual(['cahier', 'grand', 'règle']);
    expect(body.querySelector('ul > li:first-child > ul > li')?.textContent).toBe('grand');
    expect(body.querySelectorAll('body > ul > li')).toHaveLength(2);
  });

  it('numbers are numbers, and a list after a paragraph is another', () => {
    const html = simplified(`${item(1, '1.', 'un')}${item(1, '2.', 'deux')}<p>Puis</p>${item(1, 'a)', 'trois')}`);
    const { body } = new DOMParser().parseFromString(html, 'text/html');
    expect([...body.children].map(({ tagName }) => tagName)).toEqual(['OL', 'P', 'OL']);
    expect(body.querySelector('ol')?.children).toHaveLength(2);
  });

  it('its style sheet, comments and empty marks are left behind, a blank line stays one', () => {
    const html = simplified(
      '<html><head><style>p.MsoNormal {margin:0}</style><!--StartFragment--></head><body><!--[if gte mso 9]><xml>x</xml><![endif]-->' +
        '<p class=MsoNormal>Bonjour<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal><b>Merci</b></p></body></html>',
    );
    expect(html.replace(/ class="\w+"/g, '').trim()).toBe('<p>Bonjour</p><p></p><p><b>Merci</b></p>');
  });
});

describe('pasted from elsewhere', () => {
  it('a title is a bold line, and lines laid out by hand keep their ends and where they begin', () => {
    expect(simplified('<h2>Ordre du jour</h2><pre>un\n  deux\n</pre>')).toBe('<p><strong>Ordre du jour</strong></p><p>un</p><p>&nbsp;&nbsp;deux</p>');
  });

  it('breaks that end a line add none', () => {
    expect(simplified('<p>Un<br>\n</p><div><br></div><p>Deux<br>trois</p>')).toBe('<p>Un</p><div></div><p>Deux<br>trois</p>');
  });

  it('nothing that runs or dresses comes along', () => {
    expect(simplified('<p>a<script>x()</script><svg onload="x()"></svg></p><iframe src="https://x.fr"></iframe>')).toBe('<p>a</p>');
  });

  it('a link that only its page understands is its words', () => {
    expect(simplified('<p><a href="/x">Accueil</a> <a href="https://a.fr/">A</a> <a href="mailto:b@a.fr">B</a></p>')).toBe(
      '<p>Accueil <a href="https://a.fr/">A</a> <a href="mailto:b@a.fr">B</a></p>',
    );
  });

  it('a plain text keeps its empty lines and where lines begin', () => {
    expect(linesOf('Bonjour,\r\n\r\n\tun\r\n\r\n\r\ndeux\r\n')).toEqual(['Bonjour,', '', '\u00a0\u00a0\u00a0\u00a0un', '', '', 'deux']);
    expect(linesOf(' au milieu d’une phrase ')).toEqual([' au milieu d’une phrase ']);
  });
});
