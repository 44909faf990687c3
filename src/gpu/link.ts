import { serves, workgroupsOf, type Chain, type Launch, type Slot, type Unit } from './launch.ts';
import { declare, enablesOf, partOf, sized, specialise } from './wgsl.ts';

/** The code of a launch, and the workgroups that it takes. */
export interface Linked {
  readonly wgsl: string;
  readonly workgroups: readonly [x: number, y: number, z: number];
}

/**
 * Joins the shaders of a launch into one. Every chain gets a range of the workgroups, every name gets a number, so that none
 * means two things, and what several bind is bound once. `most` is how many workgroups the adapter allows along one dimension
 * of a grid: a single shader that wants more, such as a convolution of many images, gets a grid of several rows.
 */
export function link({ chains, slots }: Launch, most: number): Linked {
  const units = chains.flat();
  const [only] = units;
  const stays = Math.max(...only.grid) <= most || !only.outline.linkable;
  if (units.length === 1 && stays) return { wgsl: sizedAlone(only), workgroups: only.grid };
  const threads = (units.find(({ shader }) => !shader.flexible) ?? only).outline.threads;
  const scratch = Math.max(...units.map((unit) => unit.outline.scratch));
  const branches: string[] = [];
  let end = 0;
  for (const chain of chains) {
    const at = end === 0 ? 'place' : `(place - ${end}u)`;
    end += workgroupsOf(chain);
    branches.push(`if (place < ${end}u) {\n${callsOf(chain, at, units)}  }`);
  }
  const rows = Math.ceil(end / most);
  const across = Math.ceil(end / rows);
  const lines = [
    ...new Set(units.flatMap(({ wgsl }) => enablesOf(wgsl))),
    ...slots.map(({ tensor, variable }, i) => `${declare(variable, `slot${i}`, i, tensor.size * tensor.replicas)}\n`),
    scratch > 0 ? `var<workgroup> scratch: array<vec4f, ${scratch}u>;\n` : '',
    ...units.map((unit, i) => partOfLaunch(unit, i, slots, threads)),
    `@compute @workgroup_size(${threads})\n`,
    'fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {\n',
    `  let place = group.y * ${across}u + group.x;\n`,
    `  ${branches.join(' else ')}\n}\n`,
  ];
  return { wgsl: lines.join(''), workgroups: [across, rows, 1] };
}

const sizedAlone = ({ wgsl, dispatch: { tensors } }: Unit): string =>
  sized(wgsl, (name) => tensors[name].size * tensors[name].replicas);

/** The calls of a chain's units, the chain's workgroups beginning at number `at` of the launch. */
function callsOf(chain: Chain, at: string, units: readonly Unit[]): string {
  const [x, y] = chain[0].grid;
  const call = (unit: Unit, group: string): string => `main_${units.indexOf(unit)}(vec3u(${group}), thread);`;
  if (chain.length === 1) return `    ${call(chain[0], `${at} % ${x}u, ${at} / ${x}u % ${y}u, ${at} / ${x * y}u`)}\n`;
  const stages = chain.map((unit) => {
    // Shared memory is used again: all threads must have read it by then.
    const wait = unit.outline.scratch > 0 ? ' workgroupBarrier();' : '';
    const run = call(unit, `x, ${at} % ${y}u, ${at} / ${y}u`);
    return `    for (var x = 0u; x < ${unit.grid[0]}u; x++) { ${run}${wait} }\n`;
  });
  return stages.join('    storageBarrier();\n');
}

function partOfLaunch(unit: Unit, number: number, slots: readonly Slot[], threads: number): string {
  const { dispatch, shader, outline, wgsl } = unit;
  const names = new Map(outline.names.map((name) => [name, `${name}_${number}`]));
  for (const variable of outline.variables) {
    const wanted = { tensor: dispatch.tensors[variable.name], variable };
    names.set(variable.name, `slot${slots.findIndex((slot) => serves(slot, wanted))}`);
  }
  return partOf(shader.flexible ? specialise(wgsl, { THREADS: threads }) : wgsl, names);
}
