import type { Bytes } from './bytes.ts';

/**
 * SHA-256 in hexadecimal, or undefined where the platform offers none: a page over plain http, other than on localhost,
 * has no `crypto.subtle`.
 */
export async function sha256(bytes: Bytes): Promise<string | undefined> {
  const subtle: SubtleCrypto | undefined = crypto.subtle;
  if (!subtle) return undefined;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
