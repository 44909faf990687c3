import { shortcutStride, type Residual } from '../../model/layers/residual.ts';
import { dispatch } from '../kernel.ts';
import { skip, unskip, type SkipConstants } from '../kernels/skip.ts';
import type { LayerHalf } from '../network.ts';
import { errorOf, runLayers, type Value } from '../pass.ts';

/**
 * The shortcut is added in place to the main path's output: no way back reads that output again, and both have the same
 * error. The error is also sent to the shortcut's source, which is x or the output of option B's layers.
 */
export const residual: LayerHalf<Residual> = {
  build({ relu }, { output: shape, branches: [mainRows = [], shortcutRows = []] }, network) {
    const main = network.build(mainRows);
    const shortcut = network.build(shortcutRows);
    return {
      forward(input, pass) {
        const made = runLayers(main, input, pass);
        const source = runLayers(shortcut, input, pass);
        // A main path that only pools the images has no error, but the shortcut may have one.
        const error = made.error ?? (source.error && pass.roomForError(made.data));
        const output: Value = { ...made, relu, error };
        const { height, width, channels } = source.shape;
        const constants: SkipConstants = {
          M: pass.batch,
          HEIGHT: height,
          WIDTH: width,
          CHANNELS: channels,
          OUT_HEIGHT: shape.height,
          OUT_WIDTH: shape.width,
          OUT_CHANNELS: shape.channels,
          STRIDE: shortcutStride(source.shape, shape) ?? 1,
          FRONT: Math.floor((shape.channels - channels) / 2),
        };
        pass.dispatches.push(dispatch(skip, { y: output.data, x: source.data }, { ...constants, RELU: relu }));
        pass.tape.push((back) => {
          const to = back.into(source);
          if (!to) return;
          back.dispatches.push(
            dispatch(
              unskip,
              { dx: to.dx, e: errorOf(output), x: source.data },
              { ...constants, MASK: to.gate !== null, ADD: to.add },
            ),
          );
        });
        return output;
      },
    };
  },
};
