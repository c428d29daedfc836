/** `virtual:catalogue/<language>`: what every window and the canvas of a workflow say, in one language. `.../more`: forms, settlements, and all reasons. */
import { readdirSync, readFileSync } from 'node:fs';

import type { Plugin } from 'vite';

const FOLDER = new URL('../../../messages/', import.meta.url);
const AREAS = /^(builder.*|problems|settlement)\.json$/;
const MORE = /^(problems|(builder_)?settlement|builder_(forms|functions|calendar|tables|life))\.json$/;
const PREFIX = 'virtual:catalogue/';

export function catalogue(): Plugin {
  return {
    name: 'dougong:catalogue',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return null;
      const [tag = '', more] = id.slice(PREFIX.length + 1).split('/');
      const found: Record<string, string> = {};
      for (const file of readdirSync(FOLDER)
        .filter((name) => AREAS.test(name) && MORE.test(name) === Boolean(more))
        .sort()) {
        const path = new URL(file, FOLDER);
        this.addWatchFile(path.pathname);
        const area = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, string>>;
        for (const [code, texts] of Object.entries(area)) found[code] = texts[tag] ?? Object.values(texts)[0] ?? code;
      }
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(found))});`;
    },
  };
}
