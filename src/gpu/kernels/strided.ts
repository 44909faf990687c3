import { everywhere, workgroupsFor, type Constants, type Kernel } from '../kernel.ts';

/** Threads of a workgroup on its own. */
const width = 64;

/**
 * A shader whose threads stride over `count` things to make, each on its own. It gets its THREADS and GROUPS in front: as
 * constants, and not as what the grid has, so that it can stand beside others in one.
 */
export const strided = <C extends Constants>(
  wgsl: string | ((constants: C) => string),
  count: (constants: C) => number,
): Kernel<C, string>['shader'] => {
  const workgroups = (constants: C) => workgroupsFor(count(constants), width);
  return everywhere({
    wgsl: (constants) =>
      `const THREADS: u32 = ${width}u;\nconst GROUPS = ${workgroups(constants)[0]}u;\n` +
      (typeof wgsl === 'string' ? wgsl : wgsl(constants)),
    workgroups,
    flexible: true,
  });
};
