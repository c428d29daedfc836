/** Writes static/builder/icons.json: the inner markup of every lucide icon by its name; the server draws with it, and tells the island what its types need. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../node_modules/lucide-static/icons/', import.meta.url);
const icons = {};
for (const file of readdirSync(folder).sort()) {
  if (!file.endsWith('.svg')) continue;
  const svg = readFileSync(new URL(file, folder), 'utf8');
  icons[file.slice(0, -4)] = svg
    .slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'))
    .replace(/\s*\n\s*/g, '')
    .replace(/ \/>/g, '/>');
}
writeFileSync(new URL('../../../static/builder/icons.json', import.meta.url), JSON.stringify(icons));
console.log(`icons.json: ${Object.keys(icons).length} icons`);
