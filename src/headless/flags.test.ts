import { expect, test } from 'vitest';
import { commands, parseFlags, usage } from './flags.ts';

test('flags in any order', () => {
  const words =
    '--set rule=fa a.json --steps 90 --no-shuffle --set layers=5-4 --epochs 3 --device cpu --log-every 10'.split(' ');
  expect(parseFlags('train', words)).toMatchObject({
    files: ['a.json'],
    changes: new Map([
      ['rule', 'fa'],
      ['layers', '5-4'],
      ['epochs', '3'],
    ]),
    shuffle: false,
    steps: 90,
    logEvery: 10,
    saveEvery: undefined,
    device: 'cpu',
    quiet: false,
  });
  expect(parseFlags('sweep', ['--shard', '3/8'])).toMatchObject({ shard: { index: 2, count: 8 }, together: 16 });
  expect(parseFlags('sweep', ['--together', '4']).together).toBe(4);
});

test.each<['train' | 'sweep' | 'merge', string, RegExp]>([
  ['train', '--shard 1/2', /Unknown option '--shard'\. See: npm run lab -- --help/],
  ['train', '--steps 0', /--steps takes a whole number from 1 on, not “0”/],
  ['train', '--log-every 1.5', /--log-every takes a whole number/],
  ['train', '--device gpu', /--device takes webgpu or cpu, not “gpu”/],
  ['train', '--set rule', /--set takes FIELD=VALUE/],
  ['train', '--data', /--data/],
  ['sweep', '--shard 0/4', /--shard takes I\/N/],
  ['sweep', '--shard 5/4', /--shard takes I\/N/],
  ['sweep', '--shard x', /--shard takes I\/N/],
  ['sweep', '--together 0', /--together takes a whole number from 1 on/],
  ['train', '--together 2', /Unknown option '--together'/],
  ['merge', '--quiet', /Unknown option '--quiet'/],
])('%s %s is refused', (command, words, message) => {
  expect(() => parseFlags(command, words.split(' '))).toThrow(message);
});

test('the usage text has the flags of every command, and no others', () => {
  // “train and sweep”, and below it what both take.
  const told = new Map<string, Set<string>>(Object.keys(commands).map((command) => [command, new Set()]));
  let sets: Set<string>[] = [];
  for (const line of usage.split('\n')) {
    if (/^\w/.test(line)) sets = line.split(' and ').flatMap((command) => told.get(command) ?? []);
    const [names = ''] = /^ {2}--.*?(?= {2})/.exec(line) ?? [];
    for (const [, name = ''] of names.matchAll(/--([\w-]+)/g)) for (const set of sets) set.add(name);
  }
  for (const [command, flags] of Object.entries(commands))
    expect([...(told.get(command) ?? [])].toSorted()).toEqual(Object.keys(flags).toSorted());
});
