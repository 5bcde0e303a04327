import createPurifier from 'dompurify';

import { fold } from '../../store/search/search-terms.ts';
import type { Account, Address } from '../../store/types.ts';
import type { ApiShared } from '../../wire/api.ts';
import type { Road } from '../../wire/road.ts';
import { ask, askJson } from '../../wire/http.ts';

export interface Template {
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  readonly html: string;
  /** The academy's. */
  readonly shared: boolean;
  /** The functional mailbox that it belongs to; null: one's own, or the academy's. */
  readonly mailbox: Place | null;
  /** Whether one may change it. */
  readonly mine: boolean;
}

/** A functional mailbox that keeps templates for those who write as it. */
export interface Place {
  readonly key: string;
  readonly name: string;
}

export type Written = Pick<Template, 'name' | 'subject' | 'html'>;

const purifier = createPurifier(window);

/** What the editor takes; pictures belong to single messages. */
export function cleanTemplate(html: string): string {
  return purifier.sanitize(html, { USE_PROFILES: { html: true }, FORBID_TAGS: ['img', 'style', 'form', 'input', 'button'], FORBID_ATTR: ['class', 'id'] });
}

const PATH = '/api/writing/templates';

export function templatesOf(road: Road): Promise<readonly Template[]> {
  return askJson(road, PATH, { background: true });
}

/** The functional mailboxes that one belongs to. */
export function functional(accounts: readonly Account[]): readonly ApiShared[] {
  return accounts.flatMap(({ shared }) => (shared?.kind === 'functional' ? [shared] : []));
}

/** The functional mailbox that a message is written from, or null. */
export function placeOf(accounts: readonly Account[], { email }: Address): Place | null {
  const wanted = email.toLowerCase();
  const found = functional(accounts).find((each) => [each.email, ...(each.addresses ?? [])].some((address) => address.toLowerCase() === wanted));
  return found === undefined ? null : { key: found.mailboxKey, name: found.name };
}

/** What one may begin with here: the mailbox's first where one writes from it, and no other mailbox's. */
export function fitting(templates: readonly Template[], place: Place | null): readonly Template[] {
  const theirs = templates.filter(({ mailbox }) => mailbox !== null && mailbox.key === place?.key);
  return [...theirs, ...templates.filter(({ mailbox }) => mailbox === null)];
}

/** PLACE: the mailbox that a new one is kept in; null: one's own. */
export function saveTemplate(road: Road, written: Written, id: string | null, place: string | null = null): Promise<Template> {
  const { name, subject } = written;
  const body = { name, subject, html: cleanTemplate(written.html), ...(id === null && place !== null ? { mailbox: place } : {}) };
  return id === null ? askJson(road, PATH, { method: 'POST', body }) : askJson(road, `${PATH}/${id}`, { method: 'PUT', body });
}

export async function deleteTemplate(road: Road, id: string): Promise<void> {
  await ask(road, `${PATH}/${id}`, { method: 'DELETE', body: {} });
}

/** What the directory and this draft know, by the names that templates use. */
export type Fields = Readonly<Record<string, string>>;

export function fieldsOf(road: Road): Promise<Fields> {
  return askJson(road, '/api/writing/fields', { background: true });
}

/** « {{établissement}} », « {{ Etablissement }} » and « {{etablissement}} » are one. */
function fieldName(written: string): string {
  return fold(written).trim();
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const FIELD = /\{\{([^{}<>]{1,60})\}\}/g;

export function hasFields(text: string): boolean {
  return text.search(FIELD) >= 0;
}

/** What is known is filled in; the other fields stay, for whoever writes. */
export function filled(text: string, fields: Fields, form: 'html' | 'text'): string {
  return text.replace(FIELD, (whole, name: string) => {
    const value = fields[fieldName(name)] ?? '';
    if (value === '') return whole;
    return form === 'html' ? escaped(value) : value;
  });
}
