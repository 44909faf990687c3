import type { Flatten } from '../../model/layers/flatten.ts';
import { dispatch } from '../kernel.ts';
import { transpose } from '../kernels/transpose.ts';
import type { LayerHalf } from '../network.ts';
import { errorOf } from '../pass.ts';

export const flatten: LayerHalf<Flatten> = {
  build(_spec, { input: { height, width, channels }, output: shape }) {
    const positions = height * width;
    return {
      weight: null,
      forward(input, pass) {
        const output = pass.valueFrom(input, shape);
        const there = { M: pass.batch, ROWS: positions, COLUMNS: channels, MASK: false, ADD: false };
        const turn = { x: input.data, gate: input.data };
        pass.dispatches.push(dispatch(transpose, { y: output.data, ...turn }, there));
        pass.tape.push((back) => {
          const to = back.into(input);
          if (!to) return;
          back.dispatches.push(
            dispatch(
              transpose,
              { y: to.dx, x: errorOf(output), gate: input.data },
              { M: pass.batch, ROWS: channels, COLUMNS: positions, MASK: to.gate !== null, ADD: to.add },
            ),
          );
        });
        if (!input.noise) return output;
        const noise = pass.noiseOf(output);
        pass.dispatches.push(dispatch(transpose, { y: noise, x: input.noise, gate: input.data }, there));
        return { ...output, noise };
      },
    };
  },
};
