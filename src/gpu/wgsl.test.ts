import { expect, test } from 'vitest';
import { sized, specialise } from './wgsl.ts';

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
