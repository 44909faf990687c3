import type { Pool } from '../../model/layers/pool.ts';
import { dispatch } from '../kernel.ts';
import { pool as poolKernel, unpool, type PoolConstants } from '../kernels/pool.ts';
import type { LayerHalf } from '../network.ts';
import { errorOf } from '../pass.ts';

export const pool: LayerHalf<Pool> = {
  build({ of, window }, { input: { height, width, channels }, output: shape }) {
    const sizes: Omit<PoolConstants, 'M'> = {
      HEIGHT: height,
      WIDTH: width,
      CHANNELS: channels,
      OUT_HEIGHT: shape.height,
      OUT_WIDTH: shape.width,
      ROWS: window?.kernel ?? height,
      COLUMNS: window?.kernel ?? width,
      STRIDE: window?.stride ?? 1,
      PADDING: window?.padding ?? 0,
      MAX: of === 'max',
    };
    return {
      forward(input, pass) {
        const output = pass.valueFrom(input, shape);
        const constants = { ...sizes, M: pass.batch };
        const by = input.data;
        pass.dispatches.push(dispatch(poolKernel, { y: output.data, x: input.data, by }, constants));
        pass.tape.push((back) => {
          const to = back.into(input);
          if (!to) return;
          back.dispatches.push(
            dispatch(
              unpool,
              { dx: to.dx, e: errorOf(output), x: input.data },
              { ...constants, MASK: to.gate !== null, ADD: to.add },
            ),
          );
        });
        if (!input.noise) return output;
        const noise = pass.noiseOf(output);
        pass.dispatches.push(dispatch(poolKernel, { y: noise, x: input.noise, by }, constants));
        return { ...output, noise };
      },
    };
  },
};
