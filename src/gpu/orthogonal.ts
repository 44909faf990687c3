import { orthogonalRows } from '../model/orthogonal.ts';
import { breathe } from './breathe.ts';
import type { Device } from './device.ts';
import type { Parameter } from './parameter.ts';

/**
 * Writes the parameters that start orthogonal, which are drawn here and not on the device, for networks of these seeds. One
 * of 512 × 5120 takes more than a second: messages are heard between them.
 */
export async function writeOrthogonal(
  device: Device,
  parameters: readonly Parameter[],
  seeds: Uint32Array<ArrayBuffer>,
): Promise<void> {
  for (const { init, value, sparse, rows, columns, stream } of parameters) {
    if (init.law !== 'orthogonal') continue;
    for (const [replica, seed] of seeds.entries()) {
      const matrix = orthogonalRows(rows, columns, seed, stream);
      device.write(sparse?.full ?? value, matrix, replica * matrix.length);
      await breathe();
    }
  }
}
