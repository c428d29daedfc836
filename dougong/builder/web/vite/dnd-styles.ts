/** @dnd-kit writes its few rules into a <style> element, which our content security policy refuses: use a constructed sheet instead. */
import type { Plugin } from 'vite';

/** What it does for shadow roots already, done for the document too. Each of them must be found: a new version is looked at anew. */
const CHANGES: [string, string][] = [
  ['isDocument(root) ? __privateMethod(this, _StyleInjector_instances, injectStyleElement_fn)', 'false ? void 0'],
  ['const targetWindow = root.ownerDocument.defaultView;', 'const targetWindow = window;'],
  ['isShadowRoot(root) && ((_a5 = root.host) == null ? void 0 : _a5.isConnected)', 'true'],
];

export function constructedStyles(): Plugin {
  return {
    name: 'dougong:constructed-styles',
    transform(code, id) {
      if (!id.includes('@dnd-kit/dom/index.js')) return null;
      for (const [found] of CHANGES) if (!code.includes(found)) this.error(`@dnd-kit/dom has changed: expected ${found}`);
      return { code: CHANGES.reduce((text, [found, put]) => text.replace(found, put), code), map: null };
    },
  };
}
