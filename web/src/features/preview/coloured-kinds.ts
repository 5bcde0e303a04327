/** Which texts are shown in colours: told before what finds them is loaded. */

const MOST = 120_000;

/** The language of each ending. */
export const LANGUAGE: Readonly<Record<string, string>> = {
  sh: 'bash', bash: 'bash', css: 'css', java: 'java', js: 'javascript', mjs: 'javascript', ts: 'javascript', tsx: 'javascript', jsx: 'javascript',
  json: 'json', geojson: 'json', php: 'php', py: 'python', sql: 'sql', xml: 'xml', kml: 'xml', gpx: 'xml', yml: 'yaml', yaml: 'yaml',
};

export function isColoured(text: string, ending: string): boolean {
  return LANGUAGE[ending] !== undefined && text.length <= MOST;
}
