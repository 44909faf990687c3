/** AssemblyScript, compiled by scripts/native-plugin.ts: features → WebAssembly as base64. */
declare module '*?wasm' {
  export const builds: Readonly<Record<string, string>>;
}
