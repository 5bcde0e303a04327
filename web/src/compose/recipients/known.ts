import type { Client } from '../../commands/types.ts';
import { acquaintances } from '../../store/people.ts';
import type { Address } from '../../store/types.ts';

/** People one writes with and those of one's address books, the nearest first. */
export interface Known {
  readonly people: readonly Address[];
  /** Addresses that one has written to, in small letters. */
  readonly written: ReadonlySet<string>;
}

export async function knownPeople({ store, services }: Client): Promise<Known> {
  const people = await acquaintances({ store, jmap: services.jmap, road: services.road, now: () => services.now().getTime() });
  return { people, written: new Set(people.filter(({ written }) => written).map(({ email }) => email.toLowerCase())) };
}

/** Whether an address is outside the academy: none of its domains, nor below one. */
export function isOutside(email: string, domains: readonly string[]): boolean {
  const domain = email.toLowerCase().split('@').at(-1) ?? '';
  return domains.length > 0 && !domains.some((own) => domain === own || domain.endsWith(`.${own}`));
}
