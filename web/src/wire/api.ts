import { ask, askJson } from './http.ts';
import type { AccountId, EmailId, Identity } from './ids.ts';
import type { Road } from './road.ts';

export interface ApiMe {
  readonly account: { readonly id: string; readonly name: string; readonly address: string; readonly mailboxKey: AccountId };
  readonly academy: { readonly slug: string; readonly name: string; readonly accent: string; readonly domains: readonly string[] };
  readonly identities: readonly Identity[];
  readonly shared: readonly ApiShared[];
  /** Whether one's own mailbox is open to others. */
  readonly lends?: boolean;
  readonly limits: { readonly attachmentBytes: number; readonly undoSeconds: number; readonly idleSeconds: number; readonly warningSeconds: number };
  readonly signature: {
    readonly mode: 'off' | 'offered' | 'imposed';
    readonly by: readonly { readonly email: string; readonly onBehalf?: boolean; readonly html: string; readonly text: string }[];
  };
  /** When to ask before writing outside the academy. */
  readonly outside: 'show' | 'first' | 'always';
  /** Messages that wait for their time, and those that came back. */
  readonly waiting: number;
  readonly locale: string;
  readonly theme: 'auto' | 'light' | 'dark';
  readonly sharedComputer: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A mailbox of others that is open to oneself. */
export interface ApiShared {
  readonly mailboxKey: AccountId;
  readonly name: string;
  readonly email: string;
  /** All that one may write from there; the main one first. */
  readonly addresses?: readonly string[];
  readonly kind?: 'functional' | 'delegated';
  /** Whether one files and marks there. */
  readonly writes?: boolean;
  /** When a colleague's closes again; null for one that several share. */
  readonly until?: string | null;
  /** The number of the delegation, "" where there is none. */
  readonly delegation?: string;
}

export interface ApiPerson {
  readonly name: string;
  readonly email: string;
  readonly detail: string;
}

export interface SendRequest {
  readonly emailId: EmailId;
  readonly accountId: AccountId;
  readonly identity: string;
  readonly mailFrom: string;
  readonly rcptTo: readonly string[];
  /** Not before; left out: after the time to undo. */
  readonly sendAt?: string;
  /** With one's own name as the sender. */
  readonly onBehalf?: true;
  /** What it answers or passes on: the platform marks it once this has left. */
  readonly original?: { readonly emailId: EmailId; readonly kind: 'reply' | 'forward' };
}

export interface ApiSend {
  readonly id: string;
  readonly emailId: EmailId;
  readonly state: 'waiting' | 'sending' | 'sent' | 'refused';
  readonly reason: string | null;
  readonly reference: string | null;
  readonly dueAt: string;
  /** Which mailbox holds the draft. */
  readonly accountId: AccountId;
  /** To leave at a time that the person chose. */
  readonly scheduled: boolean;
}

export interface Preferences {
  readonly locale?: 'fr' | 'en';
  readonly theme?: 'auto' | 'light' | 'dark';
}

/** The platform's own calls, for what JMAP doesn't know. All throw WireError. */
export class Api {
  private readonly road: Road;

  constructor(road: Road) {
    this.road = road;
  }

  me(): Promise<ApiMe> {
    return askJson(this.road, '/api/me', { background: true });
  }

  /** Who types a name waits for it: what comes later than that isn't waited for. */
  people(query: string, signal: AbortSignal): Promise<readonly ApiPerson[]> {
    return askJson(this.road, `/api/people?q=${encodeURIComponent(query)}`, { signal, patience: 4_000 });
  }

  send(request: SendRequest): Promise<{ readonly id: string; readonly dueAt: string }> {
    return askJson(this.road, '/api/send', { method: 'POST', body: request });
  }

  /** Those whom a message goes to may fetch the files whose links stand in it. */
  async sendLinks(request: { readonly tokens: readonly string[]; readonly sender: string; readonly subject: string; readonly recipients: readonly string[] }): Promise<void> {
    await ask(this.road, '/api/links/sending', { method: 'POST', body: request });
  }

  async cancelSend(id: string): Promise<void> {
    await ask(this.road, `/api/send/${encodeURIComponent(id)}`, { method: 'DELETE', body: {} });
  }

  /** Another time for a message that waits for its time. */
  async reschedule(id: string, sendAt: string): Promise<void> {
    await ask(this.road, `/api/send/${encodeURIComponent(id)}`, { method: 'PATCH', body: { sendAt } });
  }

  sends(): Promise<readonly ApiSend[]> {
    return askJson(this.road, '/api/send', { background: true });
  }

  async saveSettings(section: string, value: unknown): Promise<void> {
    await ask(this.road, `/api/settings/${encodeURIComponent(section)}`, { method: 'PUT', body: value });
  }

  async prefer(preferences: Preferences): Promise<void> {
    await ask(this.road, '/api/me', { method: 'PATCH', body: preferences });
  }
}
