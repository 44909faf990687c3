import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the page imports from packages. Vite has to prepare it before the first test in a browser: what it finds only when a test
 * asks for it reloads the tests, and then there are two Reacts.
 */
export function pagePackages(): string[] {
  const names = readdirSync('src/ui', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
    .flatMap((name) =>
      [...readFileSync(join('src/ui', name), 'utf8').matchAll(/ from '([^'.:]+)'/g)].map(([, id]) => id),
    )
    .filter((id) => !/^(virtual|vitest|fast-check)/.test(id));
  // The transform of JSX imports it.
  return [...new Set([...names, 'react/jsx-dev-runtime', 'react-dom/client'])];
}
