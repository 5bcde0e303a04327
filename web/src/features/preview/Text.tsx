import { Fragment, type ReactNode, useEffect, useMemo, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import { HtmlBody } from '../../render/HtmlBody.tsx';
import type { Attachment, EmailId } from '../../store/types.ts';
import { useBytes } from './bytes.ts';
import { declaredCharset, decode, isBinary } from './charset.ts';
import { isColoured } from './coloured-kinds.ts';
import type { ToColour } from './colouring.ts';
import type { Node } from './colours.ts';
import { readTable } from './csv.ts';
import { endingOf, plainName } from './kinds.ts';
import { Unread, Unshown, Waiting } from './Shown.tsx';
import { words as bilingualWords } from './words.ts';

/** More than anyone reads in a preview, few enough that no page freezes. */
const SHOWN_BYTES = 400_000;
const ROWS = 1_000;
const CELLS = 20_000;

export function Text({ file }: { readonly file: Attachment }) {
  const words = useWords(bilingualWords);
  const fetched = useBytes(file.url);
  const read = useMemo(() => (fetched.state === 'ready' ? readText(fetched.bytes, file.type) : null), [fetched, file.type]);
  if (fetched.state === 'failed') return <Unread {...fetched} />;
  if (read === null) return <Waiting text={words.loading} />;
  if (read.binary) return <Unshown file={file} text={words.damaged} />;
  const ending = endingOf(file.name);
  return (
    <div className="paper" tabIndex={0} role="document" aria-label={plainName(file.name)}>
      {read.cut && <p className="viewer-cut">{words.cut}</p>}
      {ending === 'csv' || ending === 'tsv' ? <Table name={plainName(file.name)} text={read.text} tabs={ending === 'tsv'} /> : <Code text={read.text} ending={ending} />}
    </div>
  );
}

interface Read {
  readonly text: string;
  readonly cut: boolean;
  readonly binary: boolean;
}

function readText(whole: ArrayBuffer, type: string): Read {
  const bytes = new Uint8Array(whole, 0, Math.min(whole.byteLength, SHOWN_BYTES));
  const cut = whole.byteLength > SHOWN_BYTES;
  return { text: decode(bytes, declaredCharset(type), cut), cut, binary: isBinary(bytes) };
}

/** Longer, and the text stays as it is. */
const COLOURING_MS = 3_000;

/** The text in colours once they are found; null before, and where there are none. */
function useColours(text: string, ending: string): readonly Node[] | null {
  const [found, setFound] = useState<{ readonly text: string; readonly nodes: readonly Node[] | null } | null>(null);
  useEffect(() => {
    if (!isColoured(text, ending)) return;
    const worker = new Worker(new URL('./colouring.ts', import.meta.url), { type: 'module' });
    const end = setTimeout(() => worker.terminate(), COLOURING_MS);
    worker.addEventListener('message', (event: MessageEvent<readonly Node[] | null>) => {
      setFound({ text, nodes: event.data });
      worker.terminate();
    });
    const asked: ToColour = { text, ending };
    worker.postMessage(asked);
    return () => {
      clearTimeout(end);
      worker.terminate();
    };
  }, [text, ending]);
  return found?.text === text ? found.nodes : null;
}

function Code({ text, ending }: { readonly text: string; readonly ending: string }) {
  const nodes = useColours(text, ending);
  return <pre className="code">{nodes === null ? text : nodes.map((node, at) => <Fragment key={at}>{drawn(node)}</Fragment>)}</pre>;
}

/** Elements, never markup. */
function drawn(node: Node): ReactNode {
  if (node.type === 'text') return node.value ?? '';
  const names = Array.isArray(node.properties?.className) ? node.properties.className.join(' ') : '';
  return (
    <span className={names}>
      {node.children?.map((child, at) => (
        <Fragment key={at}>{drawn(child)}</Fragment>
      ))}
    </span>
  );
}

function Table({ name, text, tabs }: { readonly name: string; readonly text: string; readonly tabs: boolean }) {
  const words = useWords(bilingualWords);
  const rows = useMemo(() => readTable(text, tabs ? '\t' : undefined), [text, tabs]);
  const [head, ...others] = rows;
  const shown = fitting(others);
  return (
    <>
      <table className="sheet" aria-label={name}>
        <thead>
          <tr>
            {head?.map((cell, at) => (
              <th key={at} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {others.length > shown.length && <p className="viewer-cut">{words.cut}</p>}
    </>
  );
}

/** The first rows, as many as a page draws at once. */
function fitting(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  let cells = 0;
  const end = rows.findIndex((row, at) => at >= ROWS || (cells += row.length) > CELLS);
  return end < 0 ? rows : rows.slice(0, end);
}

/** A page of the web that somebody attached: cleaned and framed as the text of a message is. */
export function WebPage({ file }: { readonly file: Attachment }) {
  const words = useWords(bilingualWords);
  const fetched = useBytes(file.url);
  const html = useMemo(() => (fetched.state === 'ready' ? readPage(fetched.bytes, file.type) : ''), [fetched, file.type]);
  if (fetched.state === 'failed') return <Unread {...fetched} />;
  if (fetched.state === 'loading') return <Waiting text={words.loading} />;
  return (
    <div className="paper" tabIndex={0} role="document" aria-label={plainName(file.name)}>
      <HtmlBody html={html} pictures={[]} files={[]} from={plainName(file.name)} title={plainName(file.name)} email={file.blob as string as EmailId} sender={null} />
    </div>
  );
}

function readPage(bytes: ArrayBuffer, type: string): string {
  const start = new TextDecoder('latin1').decode(bytes.slice(0, 1024));
  return decode(new Uint8Array(bytes), declaredCharset(type) || declaredCharset(start));
}
