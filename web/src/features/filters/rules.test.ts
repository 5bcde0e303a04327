import { describe, expect, it } from 'vitest';

import type { EmailId, MailboxId } from '../../wire/ids.ts';
import { dayText, isAway } from './away.ts';
import { changesFor, conditionFor, isComplete, newRule, NO_ACTIONS, queryOf, type Rule } from './rules.ts';
import { labelsOf, summaryOf } from './summary.ts';
import { WORDS } from './words.ts';

const INBOX = 'in' as MailboxId;
const SUBJECT = { field: 'subject', how: 'words', value: ' conseil de classe ', negated: false } as const;

function rule(change: Partial<Rule> = {}): Rule {
  return { ...newRule('r1', [SUBJECT], 'École'), actions: { ...NO_ACTIONS, star: true }, ...change };
}

describe('a rule', () => {
  it('is looked up as the search does, in one folder', () => {
    const to = { field: 'to', how: 'is', value: 'a@x.fr', negated: true } as const;
    expect(queryOf(rule({ match: 'any', conditions: [SUBJECT, to] }), INBOX)).toEqual({
      operator: 'AND',
      conditions: [
        { inMailbox: 'in' },
        { operator: 'OR', conditions: [{ subject: 'conseil de classe' }, { operator: 'NOT', conditions: [{ operator: 'OR', conditions: [{ to: 'a@x.fr' }, { cc: 'a@x.fr' }] }] }] },
      ],
    });
    expect(queryOf(rule({ match: 'every', conditions: [] }), INBOX)).toEqual({ inMailbox: 'in' });
  });

  it('takes words after an apostrophe too, and no domain that only looks alike', () => {
    const asked = JSON.stringify(queryOf(rule({ conditions: [{ ...SUBJECT, value: 'École ouverte' }] }), INBOX));
    expect(asked).toContain('{"subject":"École"},{"subject":"l\'École"}');
    expect(asked).toContain('{"subject":"ouverte"},{"subject":"l\'ouverte"}');
    const domain = { field: 'from', how: 'domain', value: 'ac-x.fr', negated: false } as const;
    expect(JSON.stringify(queryOf(rule({ conditions: [domain] }), INBOX))).toContain('{"from":"@ac-x.fr"}');
    expect(JSON.stringify(queryOf(rule({ conditions: [{ ...domain, value: '@ac-x.fr' }] }), INBOX))).toContain('{"from":"@ac-x.fr"}');
  });

  it('takes names of people whatever their accents', () => {
    const asked = (value: string): string => JSON.stringify(queryOf(rule({ conditions: [{ ...SUBJECT, field: 'from', value }] }), INBOX));
    expect(asked('Lefevre')).toContain('{"from":"lefevre"},{"from":"lefèvre"}');
    expect(asked('Noël')).toContain('{"from":"noël"},{"from":"noel"}');
    expect(asked('"Zoé Caron"')).toContain('{"from":"\\"Zoé Caron\\""}');
  });

  it('asks for no more combinations than the engine takes', () => {
    const from = { ...SUBJECT, field: 'from', value: 'helene lefevre' } as const;
    const subject = { ...SUBJECT, value: 'école ouverte' };
    const counts = (match: Rule['match']): readonly number[] =>
      [...JSON.stringify(queryOf(rule({ match, conditions: [from, subject] }), INBOX)).matchAll(/"OR","conditions":(\[\{"(?:from|subject)":[^\]]*\])/g)].map(([, found = '']) => (JSON.parse(found) as unknown[]).length);
    expect(counts('all')).toEqual([3, 3, 3, 3]);
    expect(counts('any')).toEqual([12, 12, 7, 7]);
  });

  it('is complete only when it looks at something and does something', () => {
    expect(isComplete(rule())).toBe(true);
    expect(isComplete(rule({ conditions: [{ ...SUBJECT, value: ' ' }] }))).toBe(false);
    expect(isComplete(rule({ actions: { ...NO_ACTIONS, stop: false } }))).toBe(false);
    expect(isComplete(rule({ actions: { ...NO_ACTIONS, reply: ' ' } }))).toBe(false);
    expect(isComplete(rule({ conditions: [{ field: 'size', how: 'over', value: '1.5', negated: false }] }))).toBe(false);
  });

  it('puts what it changed back exactly as it was', () => {
    const id = 'm1' as EmailId;
    const actions = { ...NO_ACTIONS, star: true, markRead: true, folder: { id: 'f1', name: 'F' } };
    const { there, back } = changesFor(actions, [{ id, mailboxIds: { in: true, other: true }, keywords: { $seen: true } }]);
    expect(there[id]).toEqual({ 'keywords/$seen': true, 'keywords/$flagged': true, mailboxIds: { f1: true } });
    expect(back[id]).toEqual({ 'keywords/$seen': true, 'keywords/$flagged': null, mailboxIds: { in: true, other: true } });
  });

  it('begins from the list of a message, else from its sender', () => {
    expect(conditionFor('Les circulaires <circ.ac-x.fr>', 'a@x.fr')).toMatchObject({ field: 'list', value: 'circ.ac-x.fr' });
    expect(conditionFor(null, 'a@x.fr')).toMatchObject({ field: 'from', how: 'is', value: 'a@x.fr' });
  });

  it('is told in a sentence, labels by their names', () => {
    const labels = labelsOf({ settings: { labels: { labels: [{ keyword: 'vert', name: 'À lire' }] } } });
    const made = rule({ actions: { ...NO_ACTIONS, labels: ['vert'], folder: { id: 'f', name: 'Archive' } } });
    expect(summaryOf(made, WORDS.en, labels, 'Archives')).toBe('The subject contains the words  conseil de classe : file in “Archives”, label “À lire”, stop there');
  });
});

describe('an absence', () => {
  it('holds from the first day to the last', () => {
    const away = { on: true, start: '2026-12-20', end: '2027-01-04' };
    expect(isAway(away, new Date(2026, 11, 19, 23))).toBe(false);
    expect(isAway(away, new Date(2026, 11, 20, 0, 5))).toBe(true);
    expect(isAway(away, new Date(2027, 0, 4, 23, 50))).toBe(true);
    expect(isAway(away, new Date(2027, 0, 5, 0, 5))).toBe(false);
    expect(isAway({ ...away, on: false }, new Date(2026, 11, 21))).toBe(false);
    expect(isAway(undefined, new Date())).toBe(false);
  });

  it('has its last day in words', () => {
    expect(dayText('2026-12-01', 'fr')).toBe('1er décembre');
    expect(dayText('2027-01-04', 'en')).toBe('January 4');
  });
});
