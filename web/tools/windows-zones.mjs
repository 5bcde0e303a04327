// Write the table of Windows' names of zones anew from the file of Unicode's CLDR (`supplemental/windowsZones.json`
// of the npm package `cldr-core`): node tools/windows-zones.mjs FILE > src/features/preview/windows-zones.ts
import { readFileSync } from 'node:fs';

const { version, windowsZones } = JSON.parse(readFileSync(process.argv[2], 'utf8')).supplemental;
const zones = windowsZones.mapTimezones.map(({ mapZone }) => mapZone).filter(({ _territory }) => _territory === '001');
const lines = zones.map(({ _other, _type }) => `  '${_other.toLowerCase()}': '${_type.split(' ')[0]}',`);
console.log(`/** Which zone each of Windows' names means, by Unicode's CLDR ${version._cldrVersion}; written by tools/windows-zones.mjs. */
export const WINDOWS_ZONES: Readonly<Record<string, string>> = {
${lines.join('\n')}
};`);
