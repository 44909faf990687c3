/** Whether a value of JSON is an object, and no list. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether it is a whole number that something can be counted by. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/**
 * The values of a text of JSON lines. A last line that is cut off, as by a job that was killed, is left out; of any other that is no
 * JSON `refuse` is told, by its number.
 */
export function parseLines(text: string, refuse: (line: number) => never): unknown[] {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  const values = lines.map((line, i) => {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      return refuse(i + 1);
    }
  });
  try {
    return [...values, JSON.parse(last)];
  } catch {
    return values;
  }
}
