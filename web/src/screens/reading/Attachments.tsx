import { CalendarDays, Download, File, FileArchive, FileImage, FileSpreadsheet, FileText, FolderDown, Mail, Music, Video } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { createElement } from 'react';

import { type Language, useLanguage, type Words } from '../../i18n/index.tsx';
import type { Attachment, Message } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useFeatures, usePage } from '../../ui/features.tsx';

const BY_TYPE: readonly (readonly [RegExp, LucideIcon])[] = [
  [/^image\//, FileImage],
  [/^audio\//, Music],
  [/^video\//, Video],
  [/^text\/calendar|\/ics$/, CalendarDays],
  [/^message\//, Mail],
  [/spreadsheet|excel|csv|\.sheet/, FileSpreadsheet],
  [/zip|compressed|x-tar|x-7z|x-rar|gzip/, FileArchive],
  [/pdf|word|opendocument\.text|^text\/|presentation|powerpoint/, FileText],
];

/** Mail programs that don't know a document's type call it a stream of bytes. */
const BY_ENDING: readonly (readonly [RegExp, LucideIcon])[] = [
  [/\.(?:xlsx?|xlsm|ods|csv)$/i, FileSpreadsheet],
  [/\.(?:docx?|odt|rtf|pdf|pptx?|odp|txt|xml|json)$/i, FileText],
  [/\.(?:zip|7z|rar|gz)$/i, FileArchive],
  [/\.(?:png|jpe?g|gif|webp|svg)$/i, FileImage],
];

export function fileIcon(type: string, name = ''): LucideIcon {
  const said = BY_TYPE.find(([pattern]) => pattern.test(type.toLowerCase()))?.[1];
  return said ?? BY_ENDING.find(([pattern]) => pattern.test(name))?.[1] ?? File;
}

/** A part without a name is called after what it is. */
function fileName(attachment: Attachment, reading: Words['reading']): string {
  if (attachment.name.trim() !== '') return attachment.name;
  if (attachment.type.startsWith('text/calendar')) return reading.invitation;
  return attachment.type.startsWith('message/') ? reading.attachedMessage : reading.namelessFile;
}

interface Props {
  readonly attachments: readonly Attachment[];
  readonly message: Message;
}

/** The files of a message: what kind, which name, how big; a press shows, the arrow beside it downloads. */
export function Attachments({ attachments, message }: Props) {
  const language = useLanguage();
  const { reading, actions } = language.words;
  const named = attachments.map((one) => (one.name.trim() === '' ? { ...one, name: fileName(one, reading) } : one));
  const features = useFeatures();
  const page = usePage();
  const open = features.find((feature) => feature.openFiles !== undefined)?.openFiles;
  const save = features.find((feature) => feature.saveFiles !== undefined)?.saveFiles;
  return (
    <section className="attachments" aria-label={reading.attachments(attachments.length)}>
      <div className="attachments-head">
        <h2 className="attachments-title">{reading.attachments(attachments.length)}</h2>
        {save !== undefined && attachments.length > 1 && (
          <Button icon={FolderDown} label={actions.downloadAll} small onClick={() => save(page, named, message.subject)} />
        )}
      </div>
      <ul>
        {named.map((attachment, at) => (
          <Line
            key={`${attachment.blob}-${at}`}
            attachment={attachment}
            language={language}
            {...(open === undefined ? {} : { onOpen: () => open(page, named, at, message.account) })}
          />
        ))}
      </ul>
    </section>
  );
}

interface LineProps {
  readonly attachment: Attachment;
  readonly language: Language;
  readonly onOpen?: () => void;
}

function Line({ attachment, language, onOpen }: LineProps) {
  const { actions } = language.words;
  const { name } = attachment;
  const inside = (
    <>
      {createElement(fileIcon(attachment.type, name), { 'aria-hidden': true, size: 20, strokeWidth: 1.75 })}
      <bdi className="attachment-name">{name}</bdi>
      <span className="attachment-size">{language.size(attachment.size)}</span>
    </>
  );
  return (
    <li className="attachment">
      {onOpen === undefined ? (
        <a className="attachment-open" href={attachment.url} download={name}>
          {inside}
        </a>
      ) : (
        <button type="button" className="attachment-open" title={name} onClick={onOpen}>
          {inside}
        </button>
      )}
      <a className="attachment-get" href={attachment.url} download={name} aria-label={`${actions.download} ${name}`} title={`${actions.download} ${name}`}>
        <Download aria-hidden="true" size={18} strokeWidth={1.75} />
      </a>
    </li>
  );
}
