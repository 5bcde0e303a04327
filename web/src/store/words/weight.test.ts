import { describe, expect, it } from 'vitest';

import { weightOf } from './weight.ts';
import { wordsIn } from './wording.ts';

describe('what a mail asks of the browser', () => {
  it.each([
    ['a letter', `<p>${'Bonjour. '.repeat(9_000)}</p>`],
    ['a newsletter', '<table><tr><td colspan=3><table><tr><td>a</td></tr></table></td></tr></table>'.repeat(300)],
    ['a list of pupils', `<table>${`<tr>${'<td>a</td>'.repeat(9)}</tr>`.repeat(300)}</table>`],
    ['one cell across a table of any length', `<table>${'<tr><td rowspan=65534 colspan=3>a</td><td>b</td></tr>'.repeat(400)}</table>`],
    ['words that look like much', `<p>${'&lt;p&gt;'.repeat(40_000)}</p><!--${'<p>'.repeat(40_000)}-->`],
  ])('is little: %s', (_, html) => {
    expect(weightOf(html)).toBe('light');
  });

  it.each([
    ['many words', 'a '.repeat(400_000)],
    ['many boxes', '<span></span>'.repeat(12_000)],
    ['a wide table', `<table><tr>${'<td>'.repeat(3_000)}</tr>${'<tr>'.repeat(900)}</table>`],
  ])('is much: %s', (_, html) => {
    expect(weightOf(html)).toBe('heavy');
  });

  it.each([
    ['more words than a library', 'a '.repeat(2_100_000)],
    ['boxes in boxes', '<div>'.repeat(100_000)],
    ['boxes that look closed', '<div></i>'.repeat(60_000)],
    ['marks of other boxes between them', '<b><i><u>'.repeat(20_000) + '</p>'.repeat(20_000)],
    ['attributes', `<p ${Array.from({ length: 2_000 }, (_, at) => `a${at}=b`).join(' ')}>a</p>`],
    ['columns by account', `<table>${'<col span=1000>'.repeat(9_000)}<tr><td>a</table>`],
    ['cells of many rows', `<table>${'<tr><td rowspan=9999 colspan=90>a'.repeat(900)}</table>`],
    ['cells to the end', `<table>${'<tr><td rowspan=0 colspan=90>a'.repeat(900)}</table>`],
    ['empty places', `<table><tr>${'<td>'.repeat(2_000)}${'<tr>'.repeat(2_000)}</table>`],
  ])('would take the page down: %s', (_, html) => {
    expect(weightOf(html)).toBe('crushing');
  });
});

describe('the words of a mail', () => {
  it.each([
    ['<style>p{}</style><p>Bonjour</p><p>à&nbsp;tous<br>et<script>x</script> à toutes', 'Bonjour\nà\u00a0tous\net à toutes'],
    ['<ul><li>un<li>deux</ul>trois<table><tr><td>a<td>b<tr><td>c</td></tr></table>', 'un\ndeux\ntrois\n a b\n c'],
    [`${'<div>'.repeat(30_000)}<style>p{}</style>un &lt;texte&gt;<br>au fond`, 'un <texte>\nau fond'],
  ])('are read however deep they lie: %#', (html, words) => {
    expect(wordsIn(html).trim()).toBe(words);
  });
});
