import { describe, expect, it } from 'vitest';

import type { Services } from '../../commands/types.ts';
import { mockClient } from '../../mock/client.ts';
import type { AccountId, EmailId, ThreadId } from '../../wire/ids.ts';
import { otherAnswer, Teams, type Work } from './team.ts';

const SCHOOL = 'ce@ac-rouen.fr' as AccountId;
const [FIRST, SECOND] = ['M1' as EmailId, 'M2' as EmailId];

function work(email: EmailId, more: Partial<Work> = {}): Work {
  return { email, thread: 'T1' as ThreadId, assignedTo: '', assignedName: '', assignedBy: '', handledName: '', handledAt: null, answers: [], ...more };
}

function platform() {
  const { services } = mockClient();
  const said = new Map<string, () => void>();
  const asked: string[] = [];
  let answer: () => Response = () => new Response('{}', { status: 403 });
  const road = {
    ...services.road,
    fetch: (path: string) => {
      asked.push(path);
      return Promise.resolve(answer());
    },
  };
  const live = {
    hear: (name: string, listener: () => void) => {
      said.set(name, listener);
      return () => said.delete(name);
    },
  };
  const teams = new Teams({ ...services, road, live } as unknown as Services);
  return {
    teams, asked, said,
    tell: (works: readonly Work[], mayWork = true) => {
      answer = () => Response.json({ me: 'a', mayWork, members: [], works, writing: [], at: '2026-11-24T13:05:00Z' });
    },
  };
}

describe('what is known of a shared mailbox', () => {
  it('is asked for once, then only what changed, and kept together', async () => {
    const { teams, asked, said, tell } = platform();
    tell([work(FIRST, { assignedTo: 'b', assignedName: 'Nathalie Quesnel' })]);
    teams.want(SCHOOL);
    teams.want(SCHOOL);
    await teams.look(SCHOOL);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toBe('/api/teamwork?mailbox=ce%40ac-rouen.fr');
    expect(asked[1]).toContain('&since=2026-11-24T13%3A04%3A55.000Z');
    tell([work(SECOND)]);
    said.get('teamwork')?.();
    await teams.look(SCHOOL);
    expect([...(teams.team(SCHOOL)?.works.keys() ?? [])]).toEqual([FIRST, SECOND]);
    expect(teams.team(SCHOOL)?.works.get(FIRST)?.assignedName).toBe('Nathalie Quesnel');
  });

  it('is nothing once the mailbox is closed', async () => {
    const { teams, tell } = platform();
    await teams.look(SCHOOL);
    expect(teams.team(SCHOOL)).toBeNull();
    tell([]);
    await teams.look(SCHOOL);
    expect(teams.team(SCHOOL)?.mayWork).toBe(true);
  });

  it('tells who was quicker, never oneself', async () => {
    const { teams, tell } = platform();
    const answer = (by: string) => ({ by, name: by, at: '2026-11-24T13:00:00Z', address: '', messageId: by });
    tell([work(FIRST, { answers: [answer('b'), answer('a')] }), work(SECOND, { answers: [answer('a')] })]);
    await teams.look(SCHOOL);
    const team = teams.team(SCHOOL);
    if (team === null) throw new Error('no team');
    expect(otherAnswer(team, FIRST)?.by).toBe('b');
    expect(otherAnswer(team, SECOND)).toBeNull();
  });
});
