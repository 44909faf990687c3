import { expect, test } from 'vitest';
import { filesOf, type Drop } from './dropped.ts';

/** A folder by its entries' names, or a file; null for one that cannot be read. */
interface Tree {
  readonly [name: string]: Tree | string | null;
}

/** An entry as browsers make them: a folder tells of 100 entries at a time. */
function entry(path: string, content: Tree[string]): FileSystemEntry {
  const name = path.split('/').at(-1) ?? '';
  const isDirectory = typeof content === 'object' && content !== null;
  const left = isDirectory ? Object.entries(content) : [];
  const made = {
    name,
    fullPath: path,
    isDirectory,
    isFile: !isDirectory,
    file: (done: (file: File) => void, fail: (error: DOMException) => void) =>
      content === null
        ? fail(new DOMException('Gone.', 'NotFoundError'))
        : done(new File([typeof content === 'string' ? content : ''], name)),
    createReader: () => ({
      readEntries: (done: (entries: FileSystemEntry[]) => void) =>
        done(left.splice(0, 100).map(([inner, within]) => entry(`${path}/${inner}`, within))),
    }),
  };
  return made as unknown as FileSystemEntry;
}

const list = (files: readonly File[]): FileList => [...files] as unknown as FileList;

/** What it is to drop these things at once. */
const drop = (tree: Tree): Drop => ({
  items: Object.entries(tree).map(([name, content]) => ({ webkitGetAsEntry: () => entry(`/${name}`, content) })),
  files: list([]),
});

test('a folder brings all its files, by the paths that tell their class and what they are for', async () => {
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`${i}.png`, 'x']));
  const files = await filesOf(drop({ pets: { train: { cats: many, dogs: { '1.png': 'y' } }, test: { cats: many } } }));
  expect(files).toHaveLength(501);
  const paths = files.map((file) => file.webkitRelativePath);
  expect(new Set(paths).size).toBe(501);
  expect(paths).toEqual(
    expect.arrayContaining(['pets/train/cats/249.png', 'pets/train/dogs/1.png', 'pets/test/cats/0.png']),
  );
  const dog = files.find((file) => file.webkitRelativePath === 'pets/train/dogs/1.png');
  expect(await dog?.text()).toBe('y');
});

test('folders may be dropped side by side, and files are what they are without one', async () => {
  const folders = await filesOf(drop({ cats: { '1.png': 'x' }, dogs: { '2.png': 'x' } }));
  expect(folders.map((file) => file.webkitRelativePath)).toEqual(['cats/1.png', 'dogs/2.png']);
  const [run] = await filesOf(drop({ 'a.safetensors': 'x' }));
  expect(run.name).toBe('a.safetensors');
  expect(run.webkitRelativePath || run.name).toBe('a.safetensors');
});

test('without entries the files are taken as they come', async () => {
  const files = [new File(['x'], 'a.json')];
  expect(await filesOf({ items: [], files: list(files) })).toEqual(files);
  expect(await filesOf({ items: [{ webkitGetAsEntry: () => null }], files: list(files) })).toEqual(files);
});

test('what cannot be read, or is empty, is told', async () => {
  const text = '1.png could not be read. Drop it again, or choose it under Files.';
  await expect(filesOf(drop({ pets: { cats: { '1.png': null } } }))).rejects.toMatchObject({
    fault: { kind: 'data', text, detail: 'Gone.' },
  });
  await expect(filesOf(drop({ pets: { cats: {} } }))).rejects.toThrow(/no files in what was dropped/);
});
