import { expect, test } from 'vitest';
import { outline, partOf, sized, specialise } from './wgsl.ts';

test('a constant that the shader does not have is an error, and its lines take what is given', () => {
  const wgsl = 'const M: u32 = 64u; // examples\nconst GAIN: f32 = 1f;\nconst BIAS: bool = true;\n';
  expect(specialise(wgsl, { M: 3, GAIN: 0.5, BIAS: false })).toBe(
    'const M: u32 = 3u; // examples\nconst GAIN: f32 = 5e-1f;\nconst BIAS: bool = false;\n',
  );
  expect(() => specialise(wgsl, { N: 3 })).toThrow('no const line for N');
});

test('a bound array gets the length of its tensor, all replicas counted, in its own elements', () => {
  const wgsl =
    '@group(0) @binding(0) var<storage, read_write> v: array<vec4f>; // [R][N]\n' +
    '@group(0) @binding(1) var<storage, read> mask: array<u32>;\nvar<workgroup> sums: array<f32, 64>;\n';
  const numbers: Record<string, number> = { v: 36, mask: 5 };
  expect(sized(wgsl, (name) => numbers[name])).toBe(
    '@group(0) @binding(0) var<storage, read_write> v: array<vec4f, 9>;\n' +
      '@group(0) @binding(1) var<storage, read> mask: array<u32, 5>;\nvar<workgroup> sums: array<f32, 64>;\n',
  );
});

const shader = `enable subgroups;
// Twice x.
const THREADS: u32 = 8u;
var<workgroup> scratch: array<vec4f, 32u>;
@group(0) @binding(0) var<storage, read_write> y: array<f32>; // [R][N]
@group(0) @binding(1) var<uniform> x: array<vec4f>; // [R]

fn twice(v: vec4f) -> f32 { return 2.0 * v.x; } // of x

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  y[thread] = twice(x[group.x]);
}
`;

test('an outline says what a shader binds and declares, and whether it can stand beside another', () => {
  expect(outline(shader)).toEqual({
    variables: [
      { name: 'y', space: 'storage, read_write', element: 'f32', width: 1 },
      { name: 'x', space: 'uniform', element: 'vec4f', width: 4 },
    ],
    names: ['THREADS', 'twice', 'main'],
    threads: 8,
    scratch: 32,
    linkable: true,
  });
  expect(outline(shader.replace('scratch', 'sums')).linkable).toBe(false);
  expect(outline(shader.replace('thread: u32)', 'thread: u32, @builtin(num_workgroups) n: vec3u)')).linkable).toBe(
    false,
  );
  expect(() => outline(shader.replace('(THREADS)', '(2 * 4)'))).toThrow('workgroup size');
});

test('as a part of another, a shader keeps its text but for its names, and components of vectors are none', () => {
  const names = new Map(
    Object.entries({ twice: 'twice_1', main: 'main_1', THREADS: 'THREADS_1', x: 'slot2', y: 'slot0' }),
  );
  expect(partOf(shader, names).trim()).toBe(`const THREADS_1: u32 = 8u;

fn twice_1(v: vec4f) -> f32 { return 2.0 * v.x; }

fn main_1(group: vec3u, thread: u32) {
  slot0[thread] = twice_1(slot2[group.x]);
}`);
});
