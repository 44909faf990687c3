export { apply } from './apply';
export { help, join } from './crew';
export { descend } from './descend';
export { outer } from './outer';
export { scratchBytes } from './product';
export { pullback } from './pullback';
