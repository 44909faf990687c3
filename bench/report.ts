import { mkdirSync, writeFileSync } from 'node:fs';

/** Prints tables under a title, and leaves them in bench/results/`name`.md beside `figures` in `name`.json. */
export function report(
  name: string,
  title: string,
  surroundings: Readonly<Record<string, string>>,
  tables: readonly string[],
  figures: object,
): void {
  const places = Object.entries(surroundings).map(([what, value]) => `${what}: ${value}`);
  const text = [`# ${title}`, places.join(' · '), ...tables].join('\n\n') + '\n';
  console.log(`\n${text}`);
  const folder = new URL('results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify({ surroundings, ...figures }, null, 2)}\n`);
  writeFileSync(new URL(`${name}.md`, folder), text);
}
