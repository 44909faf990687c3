import { orthogonalRows } from '../model/orthogonal.ts';
import { breathe } from './breathe.ts';
import type { Device } from './device.ts';
import type { Parameter } from './parameter.ts';

/**
 * Writes the parameters that start orthogonal, which are drawn here and not on the device, for networks of these seeds. One
 * of 2048 × 2048 takes half a minute: messages are heard between its rows.
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
