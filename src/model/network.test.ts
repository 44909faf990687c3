import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultsFor } from './fields.ts';
import { FaultError, toFault, type Fault } from './fault.ts';
import {
  allRows,
  describeNetwork,
  parseNetwork,
  printNetwork,
  printShapes,
  splitNetwork,
  withOutput,
  type LayerSpec,
} from './network.ts';
import { networkPresets, withPreset } from './presets.ts';
import { flat, type Shape } from './shape.ts';

const image: Shape = { height: 32, width: 32, channels: 3 };

const small = fc.integer({ min: 1, max: 9 });
const window = fc.record({ kernel: small, stride: small, padding: fc.nat(9) });
const flags = { relu: fc.boolean() };
const { layer } = fc.letrec<{ layer: LayerSpec }>((tie) => ({
  layer: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant('linear' as const), outputs: fc.integer({ min: 1, max: 999 }), ...flags }),
    window.chain((size) =>
      fc.record({
        kind: fc.constant('conv' as const),
        channels: small,
        kernel: fc.constant(size.kernel),
        stride: fc.constant(size.stride),
        padding: fc.constant(size.padding),
        bias: fc.boolean(),
        ...flags,
      }),
    ),
    fc.record({ kind: fc.constant('batchnorm' as const), ...flags }),
    fc.record({
      kind: fc.constant('pool' as const),
      of: fc.constantFrom('max' as const, 'avg' as const),
      window: fc.option(window),
    }),
    fc.constant({ kind: 'flatten' as const }),
    fc.record({
      kind: fc.constant('residual' as const),
      main: fc.array(tie('layer'), { minLength: 1, maxLength: 3 }),
      shortcut: fc.constantFrom('a' as const, 'b' as const),
      ...flags,
    }),
  ),
}));

test('every network is read back from its notation, which a URL leaves as it is', () => {
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 4 }), (layers) => {
      const text = printNetwork(layers);
      expect(parseNetwork(text)).toEqual(layers);
      expect(encodeURIComponent(text)).toBe(text);
    }),
  );
});

test('a text that comes apart into layers, whether they can be read or not, is put together again as it was', () => {
  const characters = fc.constantFrom(...'a(-)5x'.split(''));
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 12 }), (text) => {
      let tokens: string[] | null = null;
      try {
        tokens = splitNetwork(text);
      } catch (error) {
        expect(error).toBeInstanceOf(FaultError);
      }
      if (tokens !== null) expect(tokens.join('-')).toBe(text);
    }),
  );
  expect(splitNetwork('512-256x--a(5-5)')).toEqual(['512', '256x', '', 'a(5-5)']);
});

test('any text is a network or an understandable fault', () => {
  const characters = fc.constantFrom(...'ab()-0123456789cksplnmxvgft'.split(''));
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 30 }), (text) => {
      try {
        describeNetwork(parseNetwork(text), image);
      } catch (error) {
        expect(error).toBeInstanceOf(FaultError);
      }
    }),
  );
});

/** A layer within so many residual blocks. */
const nested = (depth: number): string => `${'a('.repeat(depth)}bnl${')l'.repeat(depth)}`;

test('blocks within blocks are read as deep as 16', () => {
  expect(allRows(describeNetwork(parseNetwork(nested(16)), image))).toHaveLength(17);
});

describe('what does not fit is refused with what to do', () => {
  for (const [text, message] of [
    ['c8k3-', '“c8k3-” has a dash without a layer behind it'],
    ['-512', '“-512” has a dash without a layer in front of it'],
    ['999999999', '“999999999” is out of range: a fully connected layer has 1 to 999999 units'],
    ['0', 'a fully connected layer has 1 to 999999 units'],
    ['c100000k3', 'a convolution has 1 to 99999 channels'],
    ['c8k100', 'a window is 1 to 99 pixels wide'],
    ['max2s0', 'a stride is 1 to 99 pixels'],
    ['a(c8k3p100l)', 'padding is 0 to 99 pixels'],
    ['512,256', '“512,256” is not a layer. Layers are joined by dashes'],
    ['c8k3-a(bnl', 'Close every bracket'],
    ['c8k3-bnl)', 'Close every bracket'],
    ['flat-c8k3p0', 'c8k3p0 does not fit: its 3×3 window is larger than the 3072'],
    ['c8k3p3', 'padding may be at most 2'],
    ['max2p2', 'padding may be at most 1'],
    ['a()', 'Put at least one layer'],
    ['a(bn)', 'put an l behind its last layer'],
    ['a(c2k3l)', 'Take b(…) or more channels'],
    ['a(c3k5p0l)', 'no stride leads there'],
  ])
    test(text, () => expect(() => describeNetwork(parseNetwork(text), image)).toThrow(message));
});

test('what is no layer is told of the kinds that it looks like, and of no others', () => {
  const advice = (text: string) => faultIn(text)?.text.replace(/^.*? is not a layer\. /, '');
  expect(advice('512-256x')).toBe('512 is a fully connected layer with 512 units.');
  expect(advice('c16')).toMatch(/^c16k3s2 is a convolution[^;]*$/);
  expect(advice('avg')).toMatch(/^max2 and avg2 pool[^;]*$/);
  expect(advice('b')).toMatch(/^bn is batch norm[^;]*$/);
  expect(advice('dropout')).toBe(advice('256x'));
});

test('shapes follow the window, the stride and the padding', () => {
  const rows = describeNetwork(parseNetwork('c6k5-max2-c16k5p0-avg3s2p1-flat-84'), {
    height: 28,
    width: 27,
    channels: 1,
  });
  expect(printShapes(rows)).toBe('28×27×1 – 28×27×6 – 14×13×6 – 10×9×16 – 5×5×16 – 400 – 84');
});

describe('presets have the parameters of the literature', () => {
  const parameters = (id: string, input: Shape): number => {
    const layers = networkPresets.find((preset) => preset.id === id)?.layers ?? [];
    return allRows(describeNetwork(withOutput(layers, 10), input)).reduce((sum, row) => sum + row.parameters, 0);
  };
  const mnist: Shape = { height: 28, width: 28, channels: 1 };

  test('MLP', () => expect(parameters('mlp', flat(784))).toBe(669_706));
  test('the small CNN', () => expect(parameters('cnn-small', mnist)).toBe(80 + 1168 + 7850));
  test('LeNet-5', () => expect(parameters('lenet-5', mnist)).toBe(61_706));
  test('ResNet-20: 269,722 in 20 weight layers', () => {
    expect(parameters('resnet-20', image)).toBe(269_722);
    const { layers } = networkPresets[4];
    expect(allRows(describeNetwork(withOutput(layers, 10), image)).filter((row) => row.weight)).toHaveLength(20);
  });
  // torchvision's 11,689,512 with 10 classes in place of 1000.
  test('ResNet-18', () => expect(parameters('resnet-18', image)).toBe(11_689_512 - 513 * 990));
});

test('a preset brings its settings, and another one takes them back', () => {
  const [mlp] = networkPresets;
  const resnet = networkPresets[4];
  const start = { ...defaultsFor('pfa'), seed: 7 };
  expect(withPreset(start, resnet)).toMatchObject({ batch: 128, rate: 0.1, earlyDecay: 0.005, seed: 7 });
  expect(withPreset(withPreset(start, resnet), mlp)).toEqual(start);
  expect(withPreset(defaultsFor('bp'), resnet).earlyDecay).toBe(defaultsFor('bp').earlyDecay);
});

describe('a network that nobody could train is refused before anything is laid out, in few words', () => {
  test.each([
    ['many layers', Array.from({ length: 257 }, () => '1').join('-'), /at most 256 layers/],
    ['deep nesting', nested(17), /“a\(a\(.*…” has more than 16 brackets in one another/],
    ['deep nesting that is not closed', 'a('.repeat(4000), /more than 16 brackets/],
    ['a text of a megabyte', '('.repeat(1e6), /at most 8192 characters; this one has 1000000/],
    ['a long token', 'x'.repeat(8000), /“x{59}…” is not a layer/],
    ['brackets that do not match', `${'1-'.repeat(200)}(`, /The brackets of “(1-){29}1…” do not match/],
  ])('%s', (_, text, message) => {
    const fault = faultIn(text);
    expect(fault).toMatchObject({ kind: 'invalid', text: expect.stringMatching(message) as string });
    expect(fault?.text.length).toBeLessThan(160);
  });

  test('a long block that does not fit', () => {
    const block = `a(${Array.from({ length: 200 }, () => 'c3k3n').join('-')})`;
    expect(() => describeNetwork(parseNetwork(block), image)).toThrow(/^a\((c3k3n-){9}c3k… ends in a ReLU/);
  });
});

/** The fault that a network's notation ends in; undefined when it is read. */
function faultIn(text: string): Fault | undefined {
  try {
    parseNetwork(text);
    return undefined;
  } catch (error) {
    return toFault(error);
  }
}
