/** What a file is shown as. Neither name nor type is trusted: each way of showing runs nothing, whatever it is given. */
export type Kind = 'pdf' | 'image' | 'svg' | 'text' | 'page' | 'mail' | 'calendar' | 'card' | 'zip' | 'office' | 'sound' | 'film' | 'none';

const ENDINGS: Readonly<Record<Exclude<Kind, 'none'>, string>> = {
  pdf: 'pdf',
  image: 'png jpg jpeg jfif gif webp avif bmp ico',
  svg: 'svg',
  page: 'html htm xhtml',
  text: 'txt text log md csv tsv json xml yml yaml ini conf cfg toml css js mjs ts tsx jsx py java c h cpp hpp cs php sql sh bash bat ps1 r rb go rs kt swift tex bib srt vtt asc pem diff patch gpx kml geojson properties',
  mail: 'eml',
  calendar: 'ics ical',
  card: 'vcf vcard',
  zip: 'zip jar',
  office: 'docx dotx docm xlsx xlsm pptx ppsx odt ott ods odp doc xls ppt pps rtf',
  sound: 'mp3 m4a ogg oga opus wav flac aac weba',
  film: 'mp4 m4v webm ogv',
};
const BY_ENDING: ReadonlyMap<string, Kind> = new Map(
  (Object.entries(ENDINGS) as [Kind, string][]).flatMap(([kind, list]) => list.split(' ').map((ending) => [ending, kind] as const)),
);

const BY_TYPE: readonly (readonly [RegExp, Kind])[] = [
  [/^application\/(?:x-)?pdf$/, 'pdf'],
  [/^image\/svg/, 'svg'],
  [/^image\/(?:png|jpe?g|pjpeg|gif|webp|avif|bmp|x-ms-bmp|x-icon|vnd\.microsoft\.icon)$/, 'image'],
  [/^message\/(?:rfc822|global)$/, 'mail'],
  [/^text\/calendar$/, 'calendar'],
  [/^text\/(?:x-)?vcard$/, 'card'],
  [/^(?:text\/html|application\/xhtml\+xml)$/, 'page'],
  [/^application\/(?:x-)?zip(?:-compressed)?$/, 'zip'],
  [/msword|ms-excel|ms-powerpoint|officedocument|opendocument\.(?:text|spreadsheet|presentation)|(?:application|text)\/rtf/, 'office'],
  [/^text\/|^application\/(?:json|xml|javascript|x-sh|sql)|\+(?:json|xml)$|^message\/(?:delivery-status|disposition-notification)|^text\/rfc822-headers/, 'text'],
  [/^audio\/(?:mpeg|mp4|ogg|opus|wav|x-wav|flac|aac|webm)/, 'sound'],
  [/^video\/(?:mp4|webm|ogg)/, 'film'],
];

export function endingOf(name: string): string {
  const at = name.lastIndexOf('.');
  return at < 0 ? '' : name.slice(at + 1).trim().toLowerCase();
}

/** A name says more than a type: mail programs call documents `octet-stream` or `zip`. */
export function kindOf(name: string, type: string): Kind {
  const bare = (type.split(';')[0] ?? '').trim().toLowerCase();
  return BY_ENDING.get(endingOf(name)) ?? BY_TYPE.find(([pattern]) => pattern.test(bare))?.[1] ?? 'none';
}

/** The most bytes that are fetched for showing. */
export const LIMITS: Readonly<Record<Kind, number>> = {
  pdf: 120e6, image: 60e6, svg: 4e6, text: 40e6, page: 4e6, mail: 120e6, calendar: 4e6, card: 10e6, zip: Infinity, office: 50e6,
  sound: 120e6, film: 200e6, none: 0,
};

/** Signs that turn the direction of writing or hide in a name: `facture‮fdp.exe` would read as a PDF. */
// eslint-disable-next-line no-control-regex
const DECEIVING = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

export function plainName(name: string): string {
  return name.replace(DECEIVING, '').trim();
}

/** A name that every system can write: no folders, no signs that Windows refuses, not too long. */
export function fileName(name: string, otherwise: string): string {
  const clean = plainName(name).replace(/[\\/:*?"<>|]+/g, '_').replace(/\s+/g, ' ').replace(/^\.+/, '').replace(/[. ]+$/, '');
  return clean.slice(-150) || otherwise;
}
