import { everywhere, workgroupsFor, type Constants, type Kernel } from '../kernel.ts';

/** Threads of a workgroup, unless the shader is joined with others. */
const width = 64;

/**
 * A shader whose threads stride over `count` independent elements. It gets THREADS and GROUPS as constants in front, and does
 * not ask for the size of the grid, so that it can be joined with others.
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
