import { Download, FileQuestion } from 'lucide-react';
import { Component, lazy, type ReactNode } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { AccountId, Attachment } from '../../store/types.ts';
import { Apart, Unloaded } from '../../ui/Apart.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import type { Unfetched } from './bytes.ts';
import { type Kind, kindOf, LIMITS, plainName } from './kinds.ts';
import { words as bilingualWords } from './words.ts';

const PdfFile = lazy(() => import('./Pdf.tsx').then((module) => ({ default: module.PdfFile })));
const Office = lazy(() => import('./Office.tsx').then((module) => ({ default: module.Office })));
const Picture = lazy(() => import('./Picture.tsx').then((module) => ({ default: module.Picture })));
const Drawing = lazy(() => import('./Picture.tsx').then((module) => ({ default: module.Drawing })));
const Played = lazy(() => import('./Picture.tsx').then((module) => ({ default: module.Played })));
const Text = lazy(() => import('./Text.tsx').then((module) => ({ default: module.Text })));
const WebPage = lazy(() => import('./Text.tsx').then((module) => ({ default: module.WebPage })));
const Mail = lazy(() => import('./Mail.tsx').then((module) => ({ default: module.Mail })));
const Calendar = lazy(() => import('./Calendar.tsx').then((module) => ({ default: module.Calendar })));
const Cards = lazy(() => import('./Cards.tsx').then((module) => ({ default: module.Cards })));
const Archive = lazy(() => import('./Archive.tsx').then((module) => ({ default: module.Archive })));

interface Props {
  readonly file: Attachment;
  readonly account: AccountId;
  readonly zoom: number;
  readonly onFiles: (files: readonly Attachment[], at: number) => void;
}

/** One file, as what it is. */
export function Shown(props: Props) {
  const words = useWords(bilingualWords);
  const { file } = props;
  const kind = kindOf(file.name, file.type);
  if (kind === 'none') return <Unshown file={file} text={words.none} />;
  if (file.size > LIMITS[kind]) return <Unshown file={file} text={words.tooLarge} />;
  return (
    <Broken fallback={<Unshown file={file} text={words.damaged} />}>
      <Apart waiting={<Waiting text={words.loading} />} instead={<Unloaded />}>
        {drawn(kind, props)}
      </Apart>
    </Broken>
  );
}

function drawn(kind: Exclude<Kind, 'none'>, { file, account, zoom, onFiles }: Props): ReactNode {
  const draw: Record<typeof kind, () => ReactNode> = {
    pdf: () => <PdfFile file={file} zoom={zoom} />,
    office: () => <Office file={file} account={account} zoom={zoom} />,
    image: () => <Picture file={file} zoom={zoom} />,
    svg: () => <Drawing file={file} zoom={zoom} />,
    sound: () => <Played file={file} film={false} />,
    film: () => <Played file={file} film />,
    text: () => <Text file={file} />,
    page: () => <WebPage file={file} />,
    mail: () => <Mail file={file} account={account} onFiles={onFiles} />,
    calendar: () => <Calendar file={file} />,
    card: () => <Cards file={file} />,
    zip: () => <Archive file={file} />,
  };
  return draw[kind]();
}

export function Waiting({ text }: { readonly text: string }) {
  return (
    <div className="viewer-note" role="status">
      <span className="viewer-turning" aria-hidden="true" />
      <p>{text}</p>
    </div>
  );
}

/** Why there is nothing to see, and the way to the file itself. */
export function Unshown({ file, text, children }: { readonly file: Attachment; readonly text: string; readonly children?: ReactNode }) {
  const words = useWords(bilingualWords);
  return (
    <div className="viewer-note" role="status">
      <FileQuestion aria-hidden="true" size={32} strokeWidth={1.5} />
      <p>{text}</p>
      {children}
      <a className="button button-primary" href={file.url} download={plainName(file.name) || words.nameless}>
        <Download aria-hidden="true" size={20} strokeWidth={1.75} />
        <span className="button-word">{words.download}</span>
      </a>
    </div>
  );
}

/** The file couldn't be fetched: nothing is known of what is in it. */
export function Unread({ problem, again }: Unfetched) {
  const words = useWords(bilingualWords);
  return (
    <div className="viewer-note">
      <Trouble look="page" what={words.failed} problem={problem} onRetry={again} />
    </div>
  );
}

/** A file that breaks what draws it takes nothing else with it. */
class Broken extends Component<{ readonly fallback: ReactNode; readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? this.props.fallback : this.props.children;
  }
}
