import { describe, expect, it } from 'vitest';

import type { EmailId, MailboxId } from '../../wire/ids.ts';
import { bySender, byYear, duplicates, largest, newsletters, type Surveyed } from './survey.ts';

const INBOX = 'inbox' as MailboxId;
let count = 0;

function email(change: Partial<Surveyed> = {}): Surveyed {
  count += 1;
  return {
    id: `M${count}` as EmailId,
    size: 1000,
    from: { name: 'Ali Benali', email: 'ali@ac-rouen.fr' },
    subject: 'Conseil de classe',
    receivedAt: '2026-03-01T08:00:00Z',
    mailboxes: [INBOX],
    messageId: `m${count}@x`,
    starred: false,
    unread: false,
    ...change,
  };
}

describe('what takes room', () => {
  it('is told by message and by sender, the largest first', () => {
    const all = [email({ size: 10 }), email({ size: 5000, from: { name: null, email: 'VOYAGES@agence.fr' } }), email({ size: 300 })];
    expect(largest(all).map(({ bytes }) => bytes)).toEqual([5000, 300, 10]);
    expect(bySender(all).map(({ title, bytes, emails }) => [title, bytes, emails.length])).toEqual([
      ['voyages@agence.fr', 5000, 1],
      ['Ali Benali', 310, 2],
    ]);
  });

  it('counts newsletters only when they are old and not starred', () => {
    const old = email({ receivedAt: '2025-01-01T00:00:00Z' });
    const starred = email({ receivedAt: '2025-01-01T00:00:00Z', starred: true });
    const recent = email({ receivedAt: '2026-11-01T00:00:00Z' });
    const personal = email({ receivedAt: '2025-01-01T00:00:00Z' });
    const heaps = newsletters([old, starred, recent, personal], new Set([old.id, starred.id, recent.id]), '2026-08-01T00:00:00Z');
    expect(heaps.flatMap(({ emails }) => emails)).toEqual([old]);
  });
});

describe('duplicates', () => {
  const twin = { messageId: 'same@x' };

  it('leave the first one', () => {
    const first = email({ ...twin, receivedAt: '2026-01-01T00:00:00Z' });
    const second = email({ ...twin, receivedAt: '2026-01-02T00:00:00Z' });
    expect(duplicates([second, first]).flatMap(({ emails }) => emails)).toEqual([second]);
  });

  it('leave what is starred', () => {
    const first = email({ ...twin, receivedAt: '2026-01-01T00:00:00Z' });
    const starred = email({ ...twin, receivedAt: '2026-01-02T00:00:00Z', starred: true });
    expect(duplicates([first, starred]).flatMap(({ emails }) => emails)).toEqual([first]);
  });

  it('never leave a copy without its files alone', () => {
    const bare = email({ ...twin, receivedAt: '2026-01-01T00:00:00Z', size: 2_000 });
    const whole = email({ ...twin, receivedAt: '2026-01-02T00:00:00Z', size: 900_000 });
    const travelled = email({ ...twin, receivedAt: '2026-01-03T00:00:00Z', size: 902_000 });
    expect(duplicates([bare, whole, travelled]).flatMap(({ emails }) => emails)).toEqual([bare, travelled]);
    expect(duplicates([{ ...bare, starred: true }, whole])).toEqual([]);
  });

  it('are none in two folders, under another subject, or without a Message-ID', () => {
    expect(duplicates([email(twin), email({ ...twin, mailboxes: ['sent' as MailboxId] })])).toEqual([]);
    expect(duplicates([email(twin), email({ ...twin, subject: 'Autre chose' })])).toEqual([]);
    expect(duplicates([email({ messageId: null }), email({ messageId: null })])).toEqual([]);
  });
});

describe('archiving by year', () => {
  it('takes the years before this one, and one folder alone', () => {
    const all = [
      email({ receivedAt: '2024-05-01T00:00:00Z' }),
      email({ receivedAt: '2025-05-01T00:00:00Z' }),
      email({ receivedAt: '2025-06-01T00:00:00Z' }),
      email({ receivedAt: '2026-05-01T00:00:00Z' }),
      email({ receivedAt: '2024-05-01T00:00:00Z', mailboxes: ['sent' as MailboxId] }),
    ];
    expect(byYear(all, INBOX, 2026).map(({ key, emails }) => [key, emails.length])).toEqual([
      ['2024', 1],
      ['2025', 2],
    ]);
  });

  it('counts years as the calendar here does', () => {
    const midnight = new Date(2025, 0, 1, 0, 30).toISOString();
    expect(byYear([email({ receivedAt: midnight })], INBOX, 2026).map(({ key }) => key)).toEqual(['2025']);
  });
});
