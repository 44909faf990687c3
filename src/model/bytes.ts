const units = ['B', 'KiB', 'MiB', 'GiB'];

/** Bytes in binary units: 640 KiB, 71.2 MiB. Three digits, rounded up: what is more than a limit does not print as the limit. */
export function printBytes(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  const parts = value < 10 ? 100 : value < 100 ? 10 : 1;
  return `${Math.ceil(value * parts) / parts} ${units[power]}`;
}
