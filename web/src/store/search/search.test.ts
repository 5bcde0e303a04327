import { describe, expect, it } from 'vitest';

import type { MailboxId } from '../../wire/ids.ts';
import type { EmailFilter } from '../../wire/jmap-types.ts';
import { folderNamed, labelNamed, labelsIn } from './known-names.ts';
import { searchFilter, wordsSought } from './search.ts';
import { readDate, readSize, readTerms, writeTerm } from './search-terms.ts';
import { spellings } from './spellings.ts';

const NOW = new Date(2026, 10, 24, 14, 5);
const BOX = 'F1' as MailboxId;
const scope = {
  mailbox: null, without: [], now: NOW,
  folder: (name: string) => (name === 'Archives' ? BOX : null),
  label: (name: string) => (name === 'Urgent' ? 'l-urgent' : null),
};
const filter = (typed: string) => searchFilter(typed, scope);
/** All the conditions of a filter, by their names. */
const leaves = (asked: EmailFilter): readonly [string, unknown][] =>
  'operator' in asked ? asked.conditions.flatMap(leaves) : Object.entries(asked);

describe('a search taken apart', () => {
  const brief = (typed: string) =>
    readTerms(typed).map((clause) => clause.map(({ operator, value, not }) => `${not ? '-' : ''}${operator ?? '_'}=${value}`).join('|'));
  it.each([
    ['réunion parents', ['_=réunion', '_=parents']],
    ['De : durand réunion', ['from=durand', '_=réunion']],
    ['from:durand To:marie', ['from=durand', 'to=marie']],
    ['objet:« conseil de classe »', ['subject=conseil de classe']],
    ['"deux mots"', ['_=deux mots']],
    ['-objet:spam -pub', ['-subject=spam', '-_=pub']],
    ['SAUF de:paul', ['-from=paul']],
    ['de:paul OU de:luc bilan', ['from=paul|from=luc', '_=bilan']],
    ['plus-grand:5Mo larger:5MB', ['larger=5Mo', 'larger=5MB']],
    ['rendez-vous', ['_=rendez-vous']],
    ['http://exemple.fr', ['_=http://exemple.fr']],
    ['- … !', []],
    ['OU', []],
    ['étiquette:Urgent etiquette:Urgent', ['label=Urgent', 'label=Urgent']],
  ])('%s', (typed, terms) => {
    expect(brief(typed)).toEqual(terms);
  });

  it('knows where each term stands', () => {
    const typed = 'bilan de:"Claire Lemoine" -objet:x';
    expect(readTerms(typed).flat().map(({ start, end }) => typed.slice(start, end))).toEqual(['bilan', 'de:"Claire Lemoine"', '-objet:x']);
  });

  it('is read back as it is written, in both languages', () => {
    for (const locale of ['fr', 'en'] as const) {
      expect(readTerms(writeTerm('from', 'Claire Lemoine', locale, true))[0]?.[0]).toMatchObject({ operator: 'from', value: 'Claire Lemoine', not: true });
    }
  });

  it.each([
    ['2026', new Date(2026, 0, 1)],
    ['2026-10', new Date(2026, 9, 1)],
    ['2026-10-31', new Date(2026, 9, 31)],
    ['31/10/2026', new Date(2026, 9, 31)],
    ['10/2026', new Date(2026, 9, 1)],
    ['hier', new Date(2026, 10, 23)],
    ['7j', new Date(2026, 10, 17)],
    ['2w', new Date(2026, 10, 10)],
    ['2026-02-30', null],
    ['demain', null],
  ])('the date %s', (typed, date) => {
    expect(readDate(typed, NOW)).toEqual(date);
  });

  it.each([['5Mo', 5 * 1024 ** 2], ['300 ko', 300 * 1024], ['1,5 MB', 1.5 * 1024 ** 2], ['2', 2 * 1024 ** 2], ['100b', 100], ['gros', null]])(
    'the size %s', (typed, bytes) => {
      expect(readSize(typed)).toBe(bytes);
    },
  );
});

describe('what a search asks of the engine', () => {
  it.each([
    ['est:non-lu', [['notKeyword', '$seen']]],
    ['is:read est:répondu', [['hasKeyword', '$seen'], ['hasKeyword', '$answered']]],
    ['pièce:oui', [['hasAttachment', true]]],
    ['dans:Archives', [['inMailbox', BOX]]],
    ['étiquette:Urgent', [['hasKeyword', 'l-urgent']]],
    ['plus-grand:1Mo plus-petit:2Mo', [['minSize', 1024 ** 2], ['maxSize', 2 * 1024 ** 2]]],
    ['de:claire@ac-rouen.fr', [['from', 'claire@ac-rouen.fr']]],
    ['"conseil de classe"', [['text', '"conseil de classe"']]],
  ])('%s', (typed, conditions) => {
    expect(leaves(filter(typed))).toEqual(conditions);
  });

  it('a beginning without its accents finds the word with them', () => {
    expect(leaves(filter('reun'))).toContainEqual(['text', 'réun*']);
    expect(leaves(filter('de:gerault'))).toContainEqual(['from', 'gérault*']);
    expect(leaves(filter('Réun'))).toContainEqual(['text', 'reun*']);
  });

  it.each([
    ['ecole', ["l'école*", "d'école*", 'école*', "l'ecole"]],
    ["l’école", ['école*', "l'école*", "d'école*"]],
    ['de:harcourt', ["d'harcourt*"]],
    ["de:d'Harcourt", ['harcourt*', "d'harcourt*"]],
    ["de:l'epee", ["l'épée*"]],
    ["n'dia", ["n'dia*"]],
    ["aujourd'hui", ["aujourd'hui*"]],
    ['saint-etienne', ['saint*', 'étienne*']],
    ['de:francois-xavier', ['françois*', 'xavier*']],
    ['examen', ['examen*', "l'examen*"]],
  ])('%s is found alone, after an apostrophe and within hyphens, with its accents', (typed, forms) => {
    expect(leaves(filter(typed)).map(([, form]) => form)).toEqual(expect.arrayContaining(forms));
  });

  it('a reference stays whole', () => {
    expect(leaves(filter('REF-2026-0042'))).toEqual([['text', 'REF-2026-0042']]);
  });

  it.each([
    'école', 'école évaluation', 'conseil de classe', 'école évaluation établissement', 'conseil de classe trimestre',
    'école évaluation établissement inspection', 'réunion parents élèves préparation évaluation', 'préparation réunion élèves évaluation générale collège',
    'saint-étienne-du-rouvray école', 'de la du le un en au',
  ])('never asks for more combinations than the engine takes: %s', (typed) => {
    const asked = filter(typed);
    const groups = 'operator' in asked && asked.operator === 'AND' ? asked.conditions.flatMap((one) => ('operator' in one && one.operator === 'AND' ? one.conditions : [one])) : [asked];
    // Cyrus 3.6 makes one conjunction of each combination, and refuses six words of two forms each.
    expect(groups.reduce((product, group) => product * leaves(group).length, groups.length)).toBeLessThan(380);
  });

  it('leaves trash and junk out unless a folder is named, and looks for what it doesn’t understand', () => {
    const looking = { ...scope, without: [BOX] };
    expect(leaves(searchFilter('est:lu', looking))[0]).toEqual(['inMailboxOtherThan', [BOX]]);
    expect(leaves(searchFilter('dans:Archives', looking))).toEqual([['inMailbox', BOX]]);
    expect(leaves(searchFilter('dans:tout', looking))).toEqual([['minSize', 0]]);
    expect(leaves(searchFilter('avant:bientôt', looking))).toContainEqual(['text', 'bientôt']);
  });

  it('turns a minus round and joins with OU', () => {
    expect(filter('-est:lu')).toEqual({ operator: 'NOT', conditions: [{ hasKeyword: '$seen' }] });
    expect(filter('est:lu OU est:suivi')).toEqual({ operator: 'OR', conditions: [{ hasKeyword: '$seen' }, { hasKeyword: '$flagged' }] });
  });

  it('shows a word where it is found, whatever was joined to it', () => {
    expect(wordsSought("l'École d’élèves aujourd'hui")).toEqual(['ecole', 'eleves', "aujourd'hui"]);
  });

  it('says which words to show where they are found', () => {
    expect(wordsSought('Réunion de:Gérault -exclu avant:2026 "conseil de classe" est:lu')).toEqual(['reunion', 'gerault', 'conseil de classe']);
  });
});

describe('names that only a mailbox knows', () => {
  const box = (id: string, name: string, role: string | null = null, parentId: string | null = null) => [id as MailboxId, { id, name, role, parentId } as never] as const;
  const all = new Map([box('i', 'INBOX', 'inbox'), box('p', 'Projets'), box('e', 'Été', null, 'p'), box('d', 'L’an « passé »')]);

  it.each([['réception', 'i'], ['inbox', 'i'], ['projets', 'p'], ['ete', 'e'], ['Projets/Été', 'e'], ["l'an « passé »", 'd'], ['rien', null]])('folder %s', (name, id) => {
    expect(folderNamed(name, all)).toBe(id);
  });

  it('labels are found by name or keyword, and odd choices are none', () => {
    const labels = labelsIn({ labels: { labels: [{ keyword: 'k1', name: 'À suivre' }, 7] } });
    expect(labelNamed('a suivre', labels)).toBe('k1');
    expect(labelNamed('K1', labels)).toBe('k1');
    const odd = labelsIn({ labels: { labels: [{ keyword: 'k2', name: 'Les "grands"' }] } });
    expect(labelNamed(readTerms(writeTerm('label', 'Les "grands"', 'fr'))[0]?.[0]?.value ?? '', odd)).toBe('k2');
    expect(labelsIn({ labels: 3 })).toEqual([]);
  });
});

describe('ways to write a word', () => {
  it.each([['eleve', 'élève'], ['gerault', 'gérault'], ['francais', 'français'], ['coeur', 'cœur'], ['noel', 'noël'], ['Élève', 'élève']])('%s', (typed, written) => {
    expect(spellings(typed, 12)).toContain(written);
  });

  it('are no more than one waits for, of whatever is on the keyboard', () => {
    expect(spellings('e'.repeat(300), 12)).toHaveLength(12);
  });
});
