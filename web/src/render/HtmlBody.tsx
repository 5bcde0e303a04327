import { useMemo, useState } from 'react';

import { type Language, useLanguage } from '../i18n/index.tsx';
import { wordsSought } from '../store/search/search.ts';
import type { Attachment, BodyPart, EmailId, Me } from '../store/types.ts';
import { weightOf } from '../store/words/weight.ts';
import { wordsIn } from '../store/words/wording.ts';
import { Button } from '../ui/Button.tsx';
import { useClient, useRead } from '../ui/client.tsx';
import { useSettings } from '../ui/settings.tsx';
import { agreed, imageChoices, mayShow, withSender } from './consent.ts';
import { patternOf } from './found.ts';
import type { Ground } from './frame.ts';
import { ImageNotice, Notice } from './ImageNotice.tsx';
import { ownDomains } from './links.ts';
import { MailFrame } from './MailFrame.tsx';
import { NONE, useInline, useRemote } from './pictures.ts';
import { type CleanMail, cleanMail, type MailOptions } from './sanitize.ts';
import { TextBody } from './TextBody.tsx';

interface Props {
  readonly html: string;
  readonly pictures: readonly BodyPart[];
  readonly files: readonly Attachment[];
  readonly from: string;
  readonly email: EmailId;
  /** Whose far pictures these are; null where the message names nobody, or several. */
  readonly sender: string | null;
  /** What the frame is called where it isn't a message. */
  readonly title?: string;
}

/** An HTML message: cleaned, framed, its history folded, its far pictures asked for. No message may freeze the page. */
export function HtmlBody(props: Props) {
  const { html } = props;
  const [asked, setAsked] = useState(false);
  const weight = useMemo(() => weightOf(html), [html]);
  if (weight === 'crushing') return <Words html={html} />;
  if (weight === 'heavy' && !asked) return <Words html={html} onAsk={() => setAsked(true)} />;
  return <Framed {...props} />;
}

/** The text of a message whose layout would hold the page for long, or for ever where nobody may ask for it. */
function Words({ html, onAsk }: { readonly html: string; readonly onAsk?: () => void }) {
  const language = useLanguage();
  const { words } = language;
  const text = useMemo(() => wordsIn(html), [html]);
  return (
    <>
      <Notice text={words.reading.heavy(language.size(html.length))}>
        {onAsk && <Button label={words.reading.showLayout} small look="outline" onClick={onAsk} />}
      </Notice>
      <TextBody text={text} words={words.reading} />
    </>
  );
}

function Framed({ html, pictures, files, from, email, sender, title }: Props) {
  const language = useLanguage();
  const { words } = language;
  const { dark } = useSettings();
  const { commands, services } = useClient();
  const me = useRead((store) => store.me());
  const choices = imageChoices(me);
  const [asked, setAsked] = useState(agreed.has(email) ? 1 : 0);
  const [whole, setWhole] = useState(false);
  const inline = useInline(html, pictures, files);
  const search = useRead((store) => store.view().list?.search ?? '');
  const found = useMemo(() => patternOf(wordsSought(search)), [search]);
  const look = useMemo(() => ({ whole, inline, dark, found }), [whole, inline, dark, found]);
  const without = useMemo(() => clean(html, { ...look, remote: NONE }, language, me), [html, look, language, me]);
  const far = without.mail.blocked;
  const consent = choices.mode === 'ask' && (asked > 0 || mayShow(choices, sender));
  const remote = useRemote(services.road, far, consent, asked);
  const { mail, ground } = useMemo(
    () => (remote.pictures.size === 0 ? without : clean(html, { ...look, remote: remote.pictures }, language, me)),
    [without, html, look, remote.pictures, language, me],
  );
  const show = (): void => {
    agreed.add(email);
    setAsked(asked + 1);
  };
  const always = (): void => {
    show();
    if (sender !== null) void commands.run('save-settings', { section: 'images', value: withSender(choices, sender) });
  };
  return (
    <>
      {far.length > 0 && (
        <ImageNotice choices={choices} consent={consent} remote={remote} sender={sender} onShow={show} onAlways={always} />
      )}
      <MailFrame mail={mail} ground={ground} title={title ?? words.reading.frame(from)} lang={language.locale} />
      {(mail.folded || whole) && (
        <button type="button" className="history-button" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? words.reading.hideHistory : words.reading.showHistory}
        </button>
      )}
    </>
  );
}

type Choices = Pick<MailOptions, 'remote' | 'whole' | 'inline' | 'dark' | 'found'>;

interface Cleaned {
  readonly mail: CleanMail;
  readonly ground: Ground;
}

/** What was cleaned lately: going back to a conversation costs nothing anew. */
const lately: { readonly parts: readonly unknown[]; readonly cleaned: Cleaned }[] = [];
const LATELY = 30;
/** With its pictures a mail may be far longer: that isn't kept twice. */
const KEPT_LENGTH = 300_000;

function clean(html: string, choices: Choices, language: Language, me: Me | null): Cleaned {
  const { remote, inline, whole, dark, found } = choices;
  const parts = [html, remote, inline, whole, dark, found?.source, language.locale, me?.identities];
  const before = lately.findIndex((one) => one.parts.every((part, at) => part === parts[at]));
  const cleaned = lately[before]?.cleaned ?? cleanNow(html, choices, language, me);
  if (before >= 0) lately.splice(before, 1);
  if (cleaned.mail.html.length <= KEPT_LENGTH) lately.push({ parts, cleaned });
  if (lately.length > LATELY) lately.shift();
  return cleaned;
}

function cleanNow(html: string, choices: Choices, language: Language, me: Me | null): Cleaned {
  const options: MailOptions = {
    ...choices,
    dark: false,
    elsewhere: language.words.reading.elsewhere,
    composeAt: (address) => `${location.origin}${location.pathname}?ecrire=${encodeURIComponent(address)}`,
    origin: location.origin,
    own: ownDomains(me, location.hostname),
  };
  const mail = cleanMail(html, options);
  if (!choices.dark || mail.paints) return { mail, ground: 'light' };
  return { mail: cleanMail(html, { ...options, dark: true }), ground: 'dark' };
}
