import type { Who } from './local-copy.ts';
import type { Account, Me } from '../types.ts';

/** Who is here, in the words of the screens. */
export function meOf({ me, session }: Who): Me {
  return {
    name: me.account.name, address: me.account.address, account: session.primary, academy: me.academy,
    identities: me.identities, lends: me.lends === true, signature: me.signature, outside: me.outside, limits: me.limits, locale: me.locale === 'en' ? 'en' : 'fr', theme: me.theme,
    sharedComputer: me.sharedComputer, settings: me.settings, schedule: 0, waiting: me.waiting,
  };
}

/** One's own mailbox and those that are shared, each by its name. */
export function accountsOf({ me, session }: Who): readonly Account[] {
  return session.accounts.map((account) => {
    const shared = me.shared.find(({ mailboxKey }) => mailboxKey === account.id) ?? null;
    return { ...account, shared, name: account.id === session.primary ? me.account.name : (shared?.name ?? account.name) };
  });
}

/** Those of the mailboxes that are open to the person no more. */
export function closedSince(before: readonly Account[], { session }: Who): readonly Account[] {
  return before.filter(({ id }) => !session.accounts.some((one) => one.id === id));
}
