import { describe, expect, it } from 'vitest';

import { cleanMail, type MailOptions } from './sanitize.ts';

const OPTIONS: MailOptions = {
  remote: new Map(),
  inline: new Map(),
  dark: false,
  whole: true,
  elsewhere: (host) => `mène à ${host}`,
  composeAt: (address) => `mailto:${address}`,
  origin: 'https://nous.example',
  own: ['ac-rouen.fr'],
};
const DATA = 'data:image/png;base64,AAAA';

describe('pictures of the web', () => {
  const html = '<img src="http://a.example/a.png"><img src="http://a.example/spy.gif" width="1" height="1"><td background="//a.example/b.png">';

  it('are left out and named, but for spies', () => {
    const mail = cleanMail(html, OPTIONS);
    expect(mail.blocked).toEqual(['http://a.example/a.png']);
    expect(mail.html).not.toContain('a.example');
  });

  it('come as data, spies never', () => {
    const remote = new Map([['http://a.example/a.png', DATA], ['http://a.example/spy.gif', DATA]]);
    const mail = cleanMail(html, { ...OPTIONS, remote });
    expect(mail.html.split(DATA)).toHaveLength(2);
    expect(mail.html).not.toContain('a.example');
  });
});

describe('a picture that no one is meant to see', () => {
  it.each([
    'width="1"', 'height="0"', 'width="1px"', 'style="width:1px"', 'style="height: 0"', 'style="max-height:1px"', 'style="display:none"',
    'style="visibility:hidden"', 'style="opacity:0"',
  ])('isn’t asked for: %s', (how) => {
    const mail = cleanMail(`<img src="http://a.example/a.png" ${how}>`, OPTIONS);
    expect([mail.blocked, mail.html]).toEqual([[], '']);
  });

  it.each(['width="4"', 'style="width:100%"', 'style="opacity:0.8"', 'style="width:32px"', 'style="opacity:1"'])('is none of these: %s', (how) => {
    expect(cleanMail(`<img src="http://a.example/a.png" ${how}>`, OPTIONS).blocked).toHaveLength(1);
  });
});

describe('the style of an element', () => {
  it.each(['width: 9px; behavior: url(http://a.example/x.htc)', 'width: 9px; -moz-binding: url(http://a.example/x#a)', 'width:9px; a b c'])(
    'is what the browser has read of it: %s',
    (style) => expect(cleanMail(`<p style="${style}">a</p>`, OPTIONS).html).toBe('<p style="width: 9px;">a</p>'),
  );

  it('isn’t read where its brackets are deeper than any layout’s', () => {
    const style = `width: calc(${'('.repeat(5_000)}1px${')'.repeat(5_000)})`;
    expect(cleanMail(`<p style="${style}">a</p><p style="width: 9px;">b</p>`, OPTIONS).html).toBe('<p>a</p><p style="width: 9px;">b</p>');
  });
});

describe('boxes in boxes', () => {
  it('are as deep as a page bears, and what they hold stays', () => {
    const html = `${'<div>'.repeat(400)}un<b>deux</b><br><a href="https://a.example/">trois</a>${'</div>'.repeat(400)}`;
    const { body } = new DOMParser().parseFromString(cleanMail(html, OPTIONS).html, 'text/html');
    expect(body.textContent).toBe('undeuxtrois');
    expect(body.querySelectorAll('div')).toHaveLength(160);
    expect(body.querySelectorAll('div > b, div > br, div > a[href]')).toHaveLength(3);
  });
});

describe('the layout of a mail', () => {
  it('keeps its measures', () => {
    const html = '<table width="600" bgcolor="#eeeeee" cellpadding="4"><tbody><tr><td colspan="2" align="center">a</td></tr></tbody></table>';
    expect(cleanMail(html, OPTIONS).html).toBe(html);
    expect(cleanMail(html, OPTIONS).paints).toBe(true);
  });

  it.each(['javascript:x', 'JaVaScript:x', ' javascript:x', 'java\tscript:x', 'vbscript:x', 'data:text/html,x', '/relatif', 'x'])(
    'keeps no address that isn’t one of the web: %s',
    (address) => {
      const mail = cleanMail(`<a href="${address}">a</a><img src="${address}"><q cite="${address}">q</q>`, OPTIONS);
      expect(mail.html).not.toMatch(/href|src=|script:|text\/html/i);
    },
  );
});

describe('links', () => {
  it('go by our own page when they are doubtful', () => {
    const mail = cleanMail('<a href="https://bit.ly/a">Voir</a><a href="https://exemple.fr/">Voir</a>', OPTIONS);
    expect(mail.html).toContain('https://nous.example/sortie/?vers=https%3A%2F%2Fbit.ly%2Fa&amp;pour=short');
    expect(mail.html).toContain('href="https://exemple.fr/"');
  });

  it('say where they lead by a bubble of their place, each place once, and no hint of the mail comes before', () => {
    const mail = cleanMail('<a href="https://a.example/1">a</a><a href="https://b.example/"><b title="c.example">b</b></a><a href="https://a.example/2">c</a>', OPTIONS);
    expect(mail.told).toEqual(['a.example', 'b.example']);
    expect(mail.html.match(/interestfor="[^"]+"/g)).toEqual(['interestfor="casier-to-0"', 'interestfor="casier-to-1"', 'interestfor="casier-to-0"']);
    expect(mail.html).not.toContain('c.example');
  });

  it('can’t be told by what a mail calls as we call our bubbles', () => {
    const mail = cleanMail('<p id="Casier-to-0" interestfor="a">a</p>', OPTIONS);
    expect(mail.html).toBe('<p>a</p>');
  });

  it('can’t borrow our marks', () => {
    const mail = cleanMail('<span class="casier-elsewhere" data-casier-to="x">mène à ac-rouen.fr</span>', OPTIONS);
    expect(mail.html).toBe('<span>mène à ac-rouen.fr</span>');
  });
});
