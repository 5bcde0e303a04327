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

import { isColoured, LANGUAGE } from './coloured-kinds.ts';

/** Letters in colours, as elements: what the text holds can't become any. */
export interface Node {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Node[];
  readonly properties?: { readonly className?: unknown };
}

/** More than anyone's program has in so many signs; a text made of brackets would be drawn for seconds. */
const MOST_NODES = 20_000;
const MOST_DEEP = 200;

const lowlight = createLowlight({ bash, css, java, javascript, json, php, python, sql, xml, yaml });
/** The text of a file with the ENDING, coloured; null where it stays as it is: unknown, too long, or made to be slow. */
export function coloured(text: string, ending: string): readonly Node[] | null {
  const language = LANGUAGE[ending];
  if (language === undefined || !isColoured(text, ending)) return null;
  const nodes = lowlight.highlight(language, text).children as readonly Node[];
  return isLight(nodes) ? nodes : null;
}

function isLight(nodes: readonly Node[]): boolean {
  let count = 0;
  for (let level = nodes, deep = 0; level.length > 0; level = level.flatMap((node) => node.children ?? []), deep += 1) {
    count += level.length;
    if (count > MOST_NODES || deep > MOST_DEEP) return false;
  }
  return true;
}
