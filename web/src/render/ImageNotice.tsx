import { useLanguage } from '../i18n/index.tsx';
import { useWords } from '../i18n/words.ts';
import { Button } from '../ui/Button.tsx';
import { Trouble } from '../ui/Trouble.tsx';
import type { ImageChoices } from './consent.ts';
import type { Remote } from './pictures.ts';
import { WORDS } from './words.ts';

interface Props {
  readonly choices: ImageChoices;
  readonly consent: boolean;
  readonly remote: Remote;
  readonly sender: string | null;
  readonly onShow: () => void;
  readonly onAlways: () => void;
}

/** What is to be known about a message's far pictures: one sentence, and what one may do about it. */
export function ImageNotice({ choices, consent, remote, sender, onShow, onAlways }: Props) {
  const { reading } = useLanguage().words;
  const words = useWords(WORDS);
  if (choices.mode === 'never') return <Notice text={words.never} />;
  if (!consent) {
    return (
      <Notice text={reading.images}>
        <Button label={reading.showImages} small look="outline" onClick={onShow} />
        {sender !== null && <Button label={words.always} small onClick={onAlways} />}
      </Notice>
    );
  }
  if (remote.problem !== null) return <Trouble what={words.unfetched} problem={remote.problem} onRetry={onShow} />;
  if (remote.state === 'loading') return <Notice text={words.loading} />;
  if (remote.missing === 0) return null;
  return (
    <Notice text={words.missing(remote.missing)}>
      <Button label={words.again} small look="outline" onClick={onShow} />
    </Notice>
  );
}

export function Notice({ text, children }: { readonly text: string; readonly children?: React.ReactNode }) {
  return (
    <div className="banner" role="note">
      <p>{text}</p>
      {children}
    </div>
  );
}
