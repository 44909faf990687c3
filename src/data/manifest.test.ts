import { expect, test } from 'vitest';
import { type Manifest, type ManifestFile, parseManifest, writeManifest } from './manifest.ts';
import { faultOf } from './testing.ts';

const digest = { bytes: 12, sha256: 'ab'.repeat(32) };
const file = (name: string): ManifestFile => ({ path: `tiny/${name}.gz`, ...digest, content: digest });
const manifest: Manifest = new Map([
  [
    'tiny',
    {
      name: 'Tiny',
      licence: 'none',
      source: 'a test',
      shape: { height: 2, width: 3, channels: 1 },
      classes: 4,
      mean: [0.5],
      std: [0.25],
      files: { trainImages: file('a'), trainLabels: file('b'), testImages: file('c'), testLabels: file('d') },
    },
  ],
]);
const text = writeManifest(manifest);

test('what was written is read', () => {
  expect(parseManifest(text)).toEqual(manifest);
});

test.each([
  ['"path": "tiny/a.gz"', '"path": "../../etc/passwd"', 'tiny.files.trainImages.path'],
  ['"path": "tiny/a.gz"', '"path": "https://elsewhere.example/a.gz"', 'tiny.files.trainImages.path'],
  ['"bytes": 12', '"bytes": -1', 'tiny.files.trainImages.bytes'],
  ['"bytes": 12', '"bytes": 1e99', 'tiny.files.trainImages.bytes'],
  [`"sha256": "${digest.sha256}"`, '"sha256": "none"', 'tiny.files.trainImages.sha256'],
  ['"testLabels"', '"labels"', 'tiny.files.testLabels'],
  ['"classes": 4', '"classes": "4"', 'tiny.classes'],
  ['"height": 2', '"height": 0.5', 'tiny.shape.height'],
  ['"name": "Tiny"', '"name": null', 'tiny.name'],
  ['"mean": [', '"mean": [null,', 'tiny.mean'],
  ['"datasets"', '"sets"', 'datasets'],
])('%s changed to %s is refused, and the field is named', async (from, to, field) => {
  expect(text).toContain(from);
  const fault = await faultOf(() => parseManifest(text.replace(from, to)));
  expect(fault?.message).toContain(`MANIFEST.json ${field} is not`);
});
