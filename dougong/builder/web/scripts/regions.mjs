/** Writes static/builder/regions.json: the Chinese names of provinces, cities and districts by code, parents before their children. */
import { writeFileSync } from 'node:fs';

import { regionData } from 'element-china-area-data';

const names = {};
const walk = (places) => {
  for (const { value, label } of places) names[`\u0000${value}`] = label; // a digit key would be sorted first by number
  for (const { children } of places) walk(children ?? []);
};
walk(regionData);

const lines = Object.entries(names).map(([code, name]) => `"${code.slice(1)}":${JSON.stringify(name)}`);
writeFileSync(new URL('../../../static/builder/regions.json', import.meta.url), `{${lines.join(',\n')}}\n`);
console.log(`regions.json: ${lines.length} places`);
