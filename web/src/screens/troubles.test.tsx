import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { type ReactNode, Suspense } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FEATURES } from '../features/index.ts';
import { CleaningSheet } from '../features/cleaning/CleaningSheet.tsx';
import { RuleSheet } from '../features/filters/RuleSheet.tsx';
import { Terms } from '../features/links/Terms.tsx';
import { Bell } from '../features/notifications/Bell.tsx';
import { Saving } from '../features/preview/Saving.tsx';
import { Shown } from '../features/preview/Shown.tsx';
import { RestoreSheet } from '../features/restore/RestoreSheet.tsx';
import { WaitingSheet } from '../features/sendlater/WaitingSheet.tsx';
import { TransferSheet } from '../features/transfer/TransferSheet.tsx';
import { LanguageProvider, languageOf } from '../i18n/index.tsx';
import { type MockClient, mockClient, until } from '../mock/client.ts';
import type { Attachment, BlobId, Me, Message } from '../store/types.ts';
import { AnnouncerProvider } from '../ui/Announcer.tsx';
import { ClientProvider } from '../ui/client.tsx';
import { FeaturesProvider, type Page } from '../ui/features.tsx';
import { askBytes } from '../wire/http.ts';
import { SourceDialog } from './reading/SourceDialog.tsx';
import { SettingsDialog } from './settings/SettingsDialog.tsx';

/** The document of a frame may come after its test has ended; nothing here has a size. */
vi.stubGlobal('ResizeObserver', class { observe = vi.fn(); disconnect = vi.fn(); });

const PROBLEM = { type: 'unavailable', title: 'Indisponible', detail: 'Une partie de la plateforme ne répond pas.', reference: 'R-7K2M-9QXD' };

/** Each way in which an answer doesn't come, and what the screen then says. */
const FAILURES: Readonly<Record<string, readonly [fail: () => Response | 'broken', says: RegExp]>> = {
  'is down': [() => Response.json(PROBLEM, { status: 503 }), /ne répond pas\..*Référence : R-7K2M-9QXD/],
  'is asked too often': [
    () => Response.json({ ...PROBLEM, detail: '' }, { status: 429, headers: { 'Retry-After': '20' } }),
    /Trop de demandes.*Réessayez dans 20 s\..*R-7K2M-9QXD/,
  ],
  'is cut off': [() => 'broken', /connexion.*coupée.*Référence : NET /],
  'answers with a page': [() => new Response('<html>oops</html>', { status: 500 }), /ne répond pas pour le moment.*Référence : HTTP-500 /],
  'knows nobody any more': [() => Response.json(PROBLEM, { status: 401 }), /Votre session est terminée\..*Reconnectez-vous.*R-7K2M-9QXD/],
};

interface Given {
  readonly client: MockClient;
  readonly me: Me;
  readonly message: Message;
}

const nothing = (): void => undefined;

function file(name: string, type: string): Attachment {
  return { blob: `G-${name}` as BlobId, name, type, size: 100, cid: null, inline: false, url: `/jmap/download/x/G-${name}/${name}` };
}

function shown(name: string, type = 'application/octet-stream') {
  return ({ me }: Given): ReactNode => <Shown file={file(name, type)} account={me.account} zoom={1} onFiles={nothing} />;
}

/** What asks the server when it is opened. The parts of the settings are found by themselves. */
const SHEETS: Readonly<Record<string, (given: Given) => ReactNode>> = {
  'deleted messages': ({ me }) => <RestoreSheet me={me} onClose={nothing} />,
  'import and export': ({ me }) => <TransferSheet me={me} onClose={nothing} />,
  'making room': ({ me }) => <CleaningSheet me={me} onClose={nothing} />,
  'a new filter': ({ me }) => <RuleSheet me={me} message={null} onClose={nothing} />,
  'scheduled messages': () => <WaitingSheet onClose={nothing} />,
  'terms of links': () => <Terms tokens={['t']} onClose={nothing} />,
  'the bell': () => <Bell />,
  'the original text': ({ message }) => <SourceDialog message={message} onClose={nothing} />,
  'all files': ({ client }) => <Saving name="a.zip" items={[{ name: 'a', load: (signal) => askBytes(client.services.road, '/jmap/download/a', { signal }) }]} onClose={nothing} />,
  'a text': shown('a.txt', 'text/plain'),
  'a picture': shown('a.png', 'image/png'),
  'a calendar': shown('a.ics', 'text/calendar'),
  'a card': shown('a.vcf', 'text/vcard'),
  'a web page': shown('a.html', 'text/html'),
  'an archive': shown('a.zip', 'application/zip'),
  'a message in a file': shown('a.eml', 'message/rfc822'),
  'an office document': shown('a.docx'),
};

const PANELS = FEATURES.flatMap((feature) => feature.settings?.({ language: languageOf('fr') } as Page) ?? []).map(({ id }) => id);

/** Those that ask the server something when they are opened. */
const ASKING = new Set(['notifications', 'links', 'transfer', 'templates', 'delegation', 'filters', 'absence']);

/** What the platform answers once it is well again. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  'GET /api/filters': { state: '1', items: [], absence: { on: false, start: null, end: null, subject: '', inside: '', answerOutside: false, outside: null, standIn: null }, script: '', active: true, others: [], redirects: { scope: 'none', addresses: [] } },
  'GET /api/links': [],
  'GET /api/links/limits': { largestBytes: 1, defaultDays: 7, longestDays: 30, outsiders: true, outsiderPassword: false },
  'POST /api/links/lookup': [],
  'GET /api/notifications': { unread: 0, notifications: [] },
  'GET /api/push': { off: 'policy', key: '', devices: [] },
  'GET /api/writing/templates': [],
  'GET /api/delegations': { rights: [], longestDays: 1, given: [], held: [] },
  'GET /api/transfer': { exports: [], imports: [], limits: { importBytes: 1, exportDays: 1 } },
  'POST /api/restore/search': { total: 0, days: 30, messages: [], folders: [] },
  'POST /api/previews': { id: 'p', state: 'failed', reason: 'damaged', ahead: 0 },
};
/** The mock server reads no messages in files. */
const UNANSWERED = new Set(['a message in a file']);

async function wellAgain({ client }: Given): Promise<void> {
  client.server.interfere = () => null;
  for (const [route, answer] of Object.entries(ANSWERS)) client.server.routes.set(route, () => Response.json(answer));
  fireEvent.click(screen.getAllByRole('button', { name: 'Réessayer', hidden: true })[0]!);
  await waitFor(() => expect(told()).toBe(''), { timeout: 5_000 });
}

let end = (): void => undefined;
beforeEach(() => {
  // jsdom has neither sheets nor popovers.
  HTMLElement.prototype.showPopover = nothing;
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = nothing;
  window.matchMedia = (media: string) => ({ media, matches: false, addEventListener: nothing, removeEventListener: nothing }) as never;
});
afterEach(() => {
  cleanup();
  end();
});

async function given(): Promise<Given> {
  const client = mockClient();
  end = () => client.close();
  const { id, threadId } = client.server.store.deliver({ subject: 'Sortie' });
  await client.store.start();
  const me = client.store.me()!;
  const ref = { account: me.account, thread: threadId };
  await client.commands.run('open-conversation', ref);
  const message = () => client.store.conversation(ref).messages.find((one) => one.id === id);
  await until('the message', () => (message()?.body ?? null) !== null);
  return { client, me, message: message()! };
}

function draw({ client }: Given, screen: ReactNode): void {
  render(
    <ClientProvider client={client}>
      <LanguageProvider locale="fr">
        <AnnouncerProvider>
          <FeaturesProvider features={FEATURES}>
            <Suspense>{screen}</Suspense>
          </FeaturesProvider>
        </AnnouncerProvider>
      </LanguageProvider>
    </ClientProvider>,
  );
}

/** From now on nothing that begins so is answered; gives back what was asked since. */
function broken({ server }: MockClient, fail: () => Response | 'broken', begins = '/'): readonly string[] {
  const asked: string[] = [];
  server.interfere = (path) => {
    if (path === '/events' || path === '/api/me' || !path.startsWith(begins)) return null;
    asked.push(path);
    return fail();
  };
  return asked;
}

const told = (): string => [...document.querySelectorAll('.trouble')].map((each) => each.textContent.replaceAll('\u00a0', ' ')).join(' | ');

describe.each(Object.entries(FAILURES))('when the server %s', (_, [fail, says]) => {
  it.each(Object.entries(SHEETS))('%s says so, with a reference', async (name, sheet) => {
    const all = await given();
    broken(all.client, fail);
    draw(all, sheet(all));
    if (name === 'the bell') fireEvent.click(await screen.findByRole('button'));
    await waitFor(() => expect(told()).toMatch(says), { timeout: 5_000 });
    expect(document.body.textContent).not.toMatch(/undefined|\[object|NaN/);
  });

  it.each(PANELS)('the part “%s” of the settings says so, with a reference, if it asks', async (panel) => {
    const all = await given();
    const asked = broken(all.client, fail, '/api/');
    draw(all, <SettingsDialog me={all.me} panel={panel} onClose={nothing} />);
    await waitFor(() => expect(document.querySelector('.settings-part')?.textContent).not.toMatch(/Chargement/), { timeout: 5_000 });
    if (ASKING.has(panel)) await waitFor(() => expect(told()).toMatch(says));
    // A part that asks from now on belongs among those that must say so.
    expect(asked.length > 0, asked.join(' ')).toBe(ASKING.has(panel));
    expect(document.body.textContent).not.toMatch(/undefined|\[object|NaN/);
  });
});

describe('once the server answers again, trying again brings', () => {
  const fail = FAILURES['is down']![0];

  it.each(Object.entries(SHEETS).filter(([name]) => !UNANSWERED.has(name)))('%s', async (name, sheet) => {
    const all = await given();
    broken(all.client, fail);
    draw(all, sheet(all));
    if (name === 'the bell') fireEvent.click(await screen.findByRole('button'));
    await waitFor(() => expect(told()).not.toBe(''), { timeout: 5_000 });
    await wellAgain(all);
  });

  it.each([...ASKING])('the part “%s” of the settings', async (panel) => {
    const all = await given();
    broken(all.client, fail);
    draw(all, <SettingsDialog me={all.me} panel={panel} onClose={nothing} />);
    await waitFor(() => expect(told()).not.toBe(''), { timeout: 5_000 });
    await wellAgain(all);
  });
});

it('what couldn’t be kept is said in the sheet that one has open', async () => {
  const all = await given();
  draw(all, <SettingsDialog me={all.me} panel="images" onClose={nothing} />);
  broken(all.client, () => Response.json(PROBLEM, { status: 503 }));
  await act(() => all.client.commands.run('save-settings', { section: 'images', value: { mode: 'never', senders: [] } }));
  expect(screen.getByRole('dialog').textContent).toMatch(/Ce réglage n’a pas été enregistré\..*R-7K2M-9QXD/);
  fireEvent.click(screen.getAllByRole('button', { name: 'Fermer' }).at(-1)!);
  await waitFor(() => expect(told()).toBe(''));
});

it.each([
  ['the server is down', () => Response.json(PROBLEM, { status: 503 }), /n’a pas été enregistré\..*R-7K2M-9QXD/],
  ['the rules were changed elsewhere', () => Response.json({ ...PROBLEM, type: 'changed_meanwhile' }, { status: 409 }), /modifiés ailleurs/],
])('what one typed stays when %s', async (_, fail, says) => {
  const all = await given();
  const { routes } = all.client.server;
  routes.set('GET /api/filters', () => Response.json(ANSWERS['GET /api/filters']));
  routes.set('PUT /api/filters', fail);
  draw(all, <SettingsDialog me={all.me} panel="absence" onClose={nothing} />);
  const words = await waitFor(() => {
    const found = document.querySelector<HTMLTextAreaElement>('.settings-part textarea');
    if (found === null) throw new Error('not drawn yet');
    return found;
  });
  fireEvent.change(words, { target: { value: 'Je serai de retour lundi.' } });
  fireEvent.submit(words.closest('form')!);
  await waitFor(() => expect(told()).toMatch(says));
  await act(() => new Promise((done) => setTimeout(done, 50)));
  expect(document.querySelector<HTMLTextAreaElement>('.settings-part textarea')!.value).toBe('Je serai de retour lundi.');
});
