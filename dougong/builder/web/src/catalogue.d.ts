/** What `vite/catalogue.ts` makes. */
declare module 'virtual:catalogue/*' {
  const texts: Record<string, string>;
  export default texts;
}
