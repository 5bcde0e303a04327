/** The page inside the frame of a message: its policy, our ground rules for text, then the mail. */

import { bubbleOf } from './judging.ts';
import type { CleanMail } from './sanitize.ts';

/** Tokens of the frame that people see: links open outside, nothing else. No script, and not our origin. */
export const SHOWN_SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';

/**
 * Tokens of the frame that measures, which no one sees. Our origin lets us read its height from outside; without
 * `allow-scripts` nothing in it can run, so nothing can use that origin.
 */
export const MEASURE_SANDBOX = 'allow-same-origin';

export type Ground = 'light' | 'dark';

/** Nothing is ever fetched: pictures come as data, whoever sent them. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'";

const GROUND: Record<Ground, string> = {
  light:
    ':root{color-scheme:light;--ink:#1C2421;--soft:#5A6460;--line:#DDDAD2;--accent:#1B5E57;--warn:#5C4300;--warn-ground:#FFF4D6;--told:#FFFFFF;--found:#FFEFB8;--found-ink:#3D2C00}',
  dark: ':root{color-scheme:dark;--ink:#E8ECEA;--soft:#9BA8A4;--line:#2E3839;--accent:#7CCBBF;--warn:#F5D98A;--warn-ground:#3A2F10;--told:#1B2223;--found:#4A3B10;--found-ink:#F5D98A}',
};

const RULES = `
html,body{height:auto!important;min-height:0!important;background:transparent}
html{overflow:auto;-webkit-text-size-adjust:100%}
body{margin:0;padding:1px 0;color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
img{max-width:100%}
.casier-picture{display:inline-block;max-width:100%;overflow:hidden;box-sizing:border-box;vertical-align:top;font-size:13px;line-height:18px;color:var(--soft)}
.casier-picture:not(:empty){padding:4px 8px;border:1px dashed var(--line);border-radius:6px}
table{overflow-wrap:normal;word-break:normal}
pre{white-space:pre-wrap;font-family:ui-monospace,monospace}
a[href]{color:var(--accent)}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
blockquote{margin:8px 0;padding:0 0 0 12px;border-left:2px solid var(--line);color:var(--soft)}
p:first-child{margin-top:0}
`;

/**
 * What no style of a mail may change: our marks beside doubtful links and of words found, and where a link leads, told while the pointer or
 * the keyboard is on it. Important rules of a layer win over all that stand outside of layers, and mails get none.
 */
const OURS = `@layer casier{
.casier-elsewhere{display:inline!important;visibility:visible!important;opacity:1!important;position:static!important;clip-path:none!important;transform:none!important;text-indent:0!important;letter-spacing:normal!important;margin:0 0 0 4px!important;padding:0 6px!important;border-radius:4px!important;background:var(--warn-ground)!important;color:var(--warn)!important;font:13px/18px system-ui,sans-serif!important}
.casier-found{all:unset!important;background:var(--found)!important;color:var(--found-ink)!important;text-decoration:underline 2px!important}
.casier-told{all:unset!important}
.casier-told:not(:popover-open){display:none!important}
.casier-told:popover-open{display:block!important;position:fixed!important;position-area:top span-right!important;position-try-fallbacks:flip-block,flip-inline,flip-block flip-inline!important;inset:auto!important;margin:2px 0!important;padding:2px 8px!important;max-width:min(420px,90vw)!important;width:max-content!important;box-sizing:border-box!important;border:1px solid var(--line)!important;border-radius:6px!important;background:var(--told)!important;color:var(--ink)!important;font:13px/18px system-ui,sans-serif!important;text-align:left!important;overflow-wrap:anywhere!important;unicode-bidi:isolate!important;direction:ltr!important;z-index:2147483647!important}
.casier-told::before,.casier-told::after{content:none!important}
.casier-told::first-line,.casier-told::first-letter{all:unset!important;font:13px/18px system-ui,sans-serif!important;color:var(--ink)!important}
.casier-told::backdrop{display:none!important}
a[interestfor]{interest-delay:.2s .2s!important}
}`;

/** Room below the last line for what is told of a link there. */
const ROOM = 'body{padding-bottom:28px!important}';

/** A frame is never taller; what is longer scrolls in it. */
export const TALLEST = 30_000;

/**
 * A frame that takes the height of its text has no scroll bar down: one that came while it was still small would make
 * lines shorter, the text taller than was measured, and so stay for good.
 */
const GROWING = `@media (max-height:${TALLEST - 1}px){html{overflow-y:hidden!important}}`;

/** A light sheet on a dark page needs a margin of its own. */
const INSET = 'body{padding:12px 16px 28px!important}';

export interface Look {
  readonly ground: Ground;
  readonly inset: boolean;
  /** Its frame takes the height of the text. */
  readonly grows: boolean;
  readonly title: string;
  readonly lang: string;
}

/** The page of a cleaned message, for the `srcdoc` of its frame. */
export function framePage(mail: CleanMail, look: Look): string {
  const { ground, inset, grows, title, lang } = look;
  return [
    `<!doctype html><html lang="${attribute(lang)}"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="referrer" content="no-referrer"><base target="_blank">',
    `<title>${attribute(title)}</title>`,
    `<style>${OURS}</style><style>${GROUND[ground]}${ground === 'dark' ? `@media print{${GROUND.light}}` : ''}${RULES}${inset ? INSET : ''}${mail.told.length > 0 ? ROOM : ''}${grows ? GROWING : ''}</style><style>${mail.styles}</style></head>`,
    `<body style="${attribute(mail.bodyStyle)}">${mail.html}${mail.told.map(bubble).join('')}</body></html>`,
  ].join('');
}

/** What tells where a link leads. Links name it; without them it is nowhere. */
function bubble(place: string, number: number): string {
  return `<span class="casier-told" id="${bubbleOf(number)}" popover="hint">${attribute(place)}</span>`;
}

function attribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
