import { flat, type Shape } from '../model/shape.ts';

/** What the network must fit on either side: MNIST's images and digits. */
export const datasetShape: { readonly input: Shape; readonly classes: number } = { input: flat(784), classes: 10 };
