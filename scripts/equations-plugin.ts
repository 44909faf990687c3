import katex from 'katex';
import type { Plugin } from 'vite';
import { rules } from '../src/model/rules/index.ts';

const name = 'virtual:equations';

/** One line of TeX as MathML; the TeX itself stays inside as its annotation. */
const toMathMl = (tex: string): string =>
  katex.renderToString(tex, { output: 'mathml', displayMode: true, throwOnError: true, strict: 'error' });

/**
 * Sets the rules' equations while the page is built: `virtual:equations` is a table of rule → lines of MathML, so the
 * page ships no typesetting code and a screen reader gets structure. Statements that share a line of TeX by `\qquad`
 * come out one a line: the page's column is narrow.
 */
export function equations(): Plugin {
  return {
    name: 'equations',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null;
      const table = rules.map((rule) => [
        rule.id,
        rule.equations.flatMap((tex) => tex.split(/,?\s*\\qquad\s*/)).map(toMathMl),
      ]);
      return `export const equations = ${JSON.stringify(Object.fromEntries(table))};`;
    },
  };
}
