import { Link, LoaderCircle, Paperclip, RotateCw, TriangleAlert, X } from 'lucide-react';
import { useEffect, useRef } from 'react';

import { passes } from '../../wire/problems.ts';
import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Draft, Upload } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands } from '../../ui/client.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { WRITING_WORDS } from '../writing-words.ts';

/** Files of a draft: those that are there, those on their way, those that failed and why. */
export function Files({ draft }: { readonly draft: Draft }) {
  const language = useLanguage();
  const { compose } = language.words;
  const commands = useCommands();
  const files = draft.content.attachments.filter((file) => !file.inline);
  const list = useComing(files.length + draft.uploads.length);
  if (files.length + draft.uploads.length === 0) return null;
  return (
    <ul ref={list} className="files">
      {files.map((file, at) => (
        <li key={`${at.toString()} ${file.blob}`} className="file">
          <Paperclip aria-hidden="true" size={18} strokeWidth={1.75} />
          <span className="file-name" title={file.name}>
            {file.name}
          </span>
          <span className="file-size">{language.size(file.size)}</span>
          <Button
            icon={X}
            wordless
            small
            label={compose.removeFile(file.name)}
            onClick={() => void commands.run('remove-attachment', { draft: draft.key, attachment: file })}
          />
        </li>
      ))}
      {draft.uploads.map((upload) => (
        <UploadLine key={upload.id} draft={draft} upload={upload} />
      ))}
    </ul>
  );
}

/** Files stand below the text: below a long one nobody would see that theirs is coming. */
function useComing(count: number) {
  const list = useRef<HTMLUListElement>(null);
  const before = useRef(count);
  useEffect(() => {
    if (count > before.current) list.current?.lastElementChild?.scrollIntoView({ block: 'nearest' });
    before.current = count;
  }, [count]);
  return list;
}

function UploadActs({ draft, upload }: { readonly draft: Draft; readonly upload: Upload }) {
  const { compose } = useLanguage().words;
  const commands = useCommands();
  const failed = upload.problem;
  const on = { draft: draft.key, upload: upload.id };
  return (
    <>
      {failed !== null && passes(failed) && (
        <Button icon={RotateCw} wordless small label={compose.retryUpload(upload.name)} onClick={() => void commands.run('retry-upload', on)} />
      )}
      <Button
        icon={X}
        wordless
        small
        label={failed === null ? compose.cancelUpload(upload.name) : compose.removeFile(upload.name)}
        onClick={() => void commands.run('cancel-upload', on)}
      />
    </>
  );
}

/** What goes by a road of its own has a mark of its own. */
function UploadMark({ upload: { problem, apart } }: { readonly upload: Upload }) {
  if (problem !== null) return <TriangleAlert aria-hidden="true" size={18} strokeWidth={1.75} />;
  if (apart === true) return <Link aria-hidden="true" size={18} strokeWidth={1.75} />;
  return <LoaderCircle aria-hidden="true" size={18} strokeWidth={1.75} className="turning" />;
}

function UploadLine({ draft, upload }: { readonly draft: Draft; readonly upload: Upload }) {
  const language = useLanguage();
  const { compose } = language.words;
  const { interrupted } = useWords(WRITING_WORDS);
  const failed = upload.problem;
  return (
    <li className={failed === null ? 'file file-coming' : 'file file-failed'}>
      <UploadMark upload={upload} />
      <span className="file-name" title={upload.name}>
        {upload.name}
      </span>
      {failed === null ? (
        <span className="file-size tabular" role={upload.waiting === true ? 'status' : undefined}>
          {upload.waiting === true ? interrupted : compose.uploaded(language.size(upload.sent), language.size(upload.size))}
        </span>
      ) : (
        <div className="file-problem">
          <Trouble look="line" what={failed.kind === 'virus' ? undefined : compose.uploadFailed} problem={failed} />
        </div>
      )}
      <UploadActs draft={draft} upload={upload} />
      {failed === null && (
        <progress value={upload.sent} max={Math.max(1, upload.size)} aria-label={upload.name} className="file-progress" />
      )}
    </li>
  );
}
