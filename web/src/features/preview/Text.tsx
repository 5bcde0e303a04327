import { createLowlight } from 'lowlight';
import bash from 'highlight.js/lib/languages/bash';
import css from 'highlight.js/lib/languages/css';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import sql from 'highlight.js/lib/languages/sql';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { Fragment, type ReactNode, useMemo } from 'react';

import { useWords } from '../../i18n/words.ts';
import { HtmlBody } from '../../render/HtmlBody.tsx';
import type { Attachment, EmailId } from '../../store/types.ts';
import { useBytes } from './bytes.ts';
import { declaredCharset, decode, isBinary } from './charset.ts';
import { readTable } from './csv.ts';
import { endingOf, plainName } from './kinds.ts';
import { Unread, Unshown, Waiting } from './Shown.tsx';
import { words as bilingualWords } from './words.ts';

/** More than anyone reads in a preview, few enough that no page freezes. */
const SHOWN_BYTES = 400_000;
const COLOURED_CHARACTERS = 120_000;
const ROWS = 1_000;
const MOST_DEEP = 200;

const lowlight = createLowlight({ bash, css, java, javascript, json, php, python, sql, xml, yaml });
const LANGUAGE: Readonly<Record<string, string>> = {
  sh: 'bash', bash: 'bash', css: 'css', java: 'java', js: 'javascript', mjs: 'javascript', ts: 'javascript', tsx: 'javascript', jsx: 'javascript',
  json: 'json', geojson: 'json', php: 'php', py: 'python', sql: 'sql', xml: 'xml', kml: 'xml', gpx: 'xml', yml: 'yaml', yaml: 'yaml',
};

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
      {ending === 'csv' || ending === 'tsv' ? <Table text={read.text} tabs={ending === 'tsv'} /> : <Code text={read.text} language={LANGUAGE[ending]} />}
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

function Code({ text, language }: { readonly text: string; readonly language: string | undefined }) {
  const inside = useMemo(() => (language === undefined || text.length > COLOURED_CHARACTERS ? text : coloured(text, language)), [text, language]);
  return <pre className="code">{inside}</pre>;
}

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Node[];
  readonly properties?: { readonly className?: unknown };
}

/** Elements, never markup: what the text holds can't become any. */
function coloured(text: string, language: string): ReactNode {
  return (lowlight.highlight(language, text).children as readonly Node[]).map((node, at) => <Fragment key={at}>{drawn(node, 0)}</Fragment>);
}

function drawn(node: Node, depth: number): ReactNode {
  if (node.type === 'text' || depth > MOST_DEEP) return node.value ?? '';
  const names = Array.isArray(node.properties?.className) ? node.properties.className.join(' ') : '';
  return (
    <span className={names}>
      {node.children?.map((child, at) => (
        <Fragment key={at}>{drawn(child, depth + 1)}</Fragment>
      ))}
    </span>
  );
}

function Table({ text, tabs }: { readonly text: string; readonly tabs: boolean }) {
  const words = useWords(bilingualWords);
  const rows = useMemo(() => readTable(text, tabs ? '\t' : undefined), [text, tabs]);
  const [head, ...others] = rows;
  return (
    <>
      <table className="sheet">
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
          {others.slice(0, ROWS).map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {others.length > ROWS && <p className="viewer-cut">{words.cut}</p>}
    </>
  );
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
      <HtmlBody html={html} pictures={[]} files={[]} from={plainName(file.name)} email={file.blob as string as EmailId} sender={null} />
    </div>
  );
}

function readPage(bytes: ArrayBuffer, type: string): string {
  const start = new TextDecoder('latin1').decode(bytes.slice(0, 1024));
  return decode(new Uint8Array(bytes), declaredCharset(type) || declaredCharset(start));
}
