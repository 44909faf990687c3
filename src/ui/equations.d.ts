/** Made while the page is built, by scripts/equations-plugin.ts: the equations of each rule as MathML, a line each. */
declare module 'virtual:equations' {
  export const equations: Readonly<Record<string, readonly string[]>>;
}
