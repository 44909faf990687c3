import { orthogonalRows } from '../model/orthogonal.ts';
import { breathe } from './breathe.ts';
import type { Device } from './device.ts';
import type { Parameter } from './parameter.ts';

/**
 * Draws the parameters that start orthogonal, for networks of these seeds, and writes them to the device: this is done here
 * and not in a kernel. One of 2048 × 2048 takes half a minute, so messages are handled between its rows.
 */
export async function writeOrthogonal(
  device: Device,
  parameters: readonly Parameter[],
  seeds: Uint32Array<ArrayBuffer>,
): Promise<void> {
  for (const { init, value, sparse, rows, columns, stream } of parameters) {
    if (init.law !== 'orthogonal') continue;
    for (const [replica, seed] of seeds.entries()) {
      const drawing = orthogonalRows(rows, columns, seed, stream);
      let next = drawing.next();
      for (; !next.done; next = drawing.next()) await breathe();
      device.write(sparse?.full ?? value, next.value, replica * next.value.length);
    }
  }
}
