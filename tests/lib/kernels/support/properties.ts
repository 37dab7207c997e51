/**
 * What holds of the kernels on every backend: one list, run in Node on cpu and wasm (`float-path.test.ts`) and in a browser's page on
 * webgpu and webgl (`browser.test.ts`).
 */
import fc from 'fast-check';
import {
  multiplyHeads,
  packHeadRows,
  packKeys,
  packValues,
  type HeadColumns,
  type HeadRows,
} from '@/lib/kernels/binary-heads';
import { binaryLinear, packSigns, packWeights, type SignRows, type WeightPanels } from '@/lib/kernels/binary-linear';
import { hasPackedKernels } from '@/lib/kernels/packed-kernels';
import { tf } from '@/lib/tf';
import { activations, AWKWARD, AWKWARD_NORMAL } from '../arbitraries';
import { packings } from './packing';
import { alphasOf, linearOnBits, linears, mixtures, scores, tensor4, type Product } from './products';
import { require, requireSame, requireThrows, valuesOn, type Subject } from './subject';

export interface Property {
  readonly title: string;
  /** Which subjects it is asked of. */
  readonly of: 'packed' | 'all';
  /** @throws Error that says what does not hold */
  readonly check: (subject: Subject) => Promise<void>;
}

function sameProducts(products: (awkward: readonly number[]) => fc.Arbitrary<Product>): Property['check'] {
  return ({ backend, floats, tolerance, subnormals, numRuns }) =>
    fc.assert(
      fc.asyncProperty(products(subnormals ? AWKWARD : AWKWARD_NORMAL), async (product) => {
        const actual = await valuesOn(backend, product.packed);
        requireSame(actual, await valuesOn(floats, product.floats), tolerance);
      }),
      { numRuns },
    );
}

export const PROPERTIES: readonly Property[] = [
  {
    title: 'run by kernels where the backend has them, by the fallback where not',
    of: 'all',
    check: async ({ backend, packed }) => {
      await tf.setBackend(backend);
      require(hasPackedKernels() === packed, `packed: ${hasPackedKernels()}`);
    },
  },
  { title: 'the linear is that of the float path, at any size', of: 'all', check: sameProducts(linears) },
  { title: 'q k^T too, with head-wise scales and zero points', of: 'all', check: sameProducts(scores) },
  {
    title: 'attention x v too, where the attention is {0, alpha}, or signs with a zero point',
    of: 'all',
    check: sameProducts(mixtures),
  },
  {
    title: 'pack the bits of the definition, to the float at which a rule changes its answer',
    of: 'packed',
    check: ({ backend, knowsNaN, numRuns }) =>
      fc.assert(
        fc.asyncProperty(packings(knowsNaN), async ({ kernel, expected }) => {
          requireSame(await valuesOn(backend, kernel), expected);
        }),
        { numRuns: 10 * numRuns },
      ),
  },
  {
    title: 'take both zeros for +1, and the infinities for their signs; NaN, where that is promised, for -1',
    of: 'packed',
    check: async ({ backend, knowsNaN, tolerance }) => {
      const [x, expected] = [[-0, 0, Infinity, -Infinity], [2, 2, 2, -2]]; // prettier-ignore
      const all = knowsNaN ? { x: [...x, NaN], y: [...expected, -2] } : { x, y: expected };
      const y = await valuesOn(backend, () => linearOnBits(tf.tensor2d(all.x, [all.x.length, 1]), tf.tensor2d([[2]])));
      requireSame(y, { shape: [all.x.length, 1], values: all.y }, tolerance);
    },
  },
  {
    title: 'refuse what does not meet, naming both sides',
    of: 'packed',
    check: async ({ backend }) => {
      await tf.setBackend(backend);
      const weights = () => packWeights(tf.ones([4, 33]), tf.ones([4]));
      requireThrows(
        () => binaryLinear(packSigns(tf.ones([2, 32])), weights()),
        /^Rows of 32 signs meet weights of 33\.$/,
      );
      requireThrows(
        () => packWeights(tf.zeros([1, 32_768]), tf.ones([1])),
        /^A row has 1 to 32767 weights, got 32768\.$/,
      );
      requireThrows(() => {
        const rule = { kind: 'sign-alpha', alpha: tf.ones<tf.Rank.R1>([1]), zeroPoint: null } as const;
        return multiplyHeads(packHeadRows(tf.ones([1, 1, 2, 4]), rule), packKeys(tf.ones([1, 1, 3, 5]), rule));
      }, /depth 4 meet 1 of depth 5/);
    },
  },
  {
    title: 'have no gradient, and say so instead of giving none',
    of: 'packed',
    check: async ({ backend }) => {
      await tf.setBackend(backend);
      const loss = (x: tf.Tensor): tf.Scalar => tf.sum(linearOnBits(x as tf.Tensor2D, tf.ones([3, 4])));
      requireThrows(() => tf.grad(loss)(tf.ones([2, 4])), /gradient/i);
    },
  },
  {
    title: 'keep no tensor beyond their results, and the memory does not grow',
    of: 'packed',
    check: keepNothing,
  },
];

async function keepNothing({ backend, numRuns }: Subject): Promise<void> {
  await tf.setBackend(backend);
  const inputs = {
    x: tf.tensor2d(activations(37 * 70, 1), [37, 70]),
    weight: tf.tensor2d(activations(21 * 70, 2, []), [21, 70]),
    q: tensor4([2, 3, 9, 16], activations(2 * 3 * 9 * 16, 3)),
    alpha: tf.tensor1d(alphasOf(3, 4)),
    zeroPoint: tf.ones<tf.Rank.R1>([3]),
    scale: tf.ones<tf.Rank.R1>([21]),
  };
  const { x, weight, q, alpha, zeroPoint, scale } = inputs;
  const before = tf.memory().numTensors;
  const kept = (expected: number, what: string): void => {
    const count = tf.memory().numTensors - before;
    require(count === expected, `${what}: ${count} tensors, expected ${expected}`);
  };
  const weights = packWeights(weight, scale);
  kept(2, 'packed weights'); // bits, scales

  const forward = async (): Promise<void> => {
    const rows = packSigns(x);
    kept(2 + 1, 'packed signs');
    const y = binaryLinear(rows, weights);
    kept(2 + 1 + 1, 'the linear');
    const rule = { kind: 'sign-alpha', alpha, zeroPoint } as const;
    const [left, keys, values] = [packHeadRows(q, rule), packKeys(q, rule), packValues(q, rule)];
    kept(2 + 2 + 3 * 3, 'packed heads'); // bits, scales, zero points
    const scoresOfHeads = multiplyHeads(left, keys);
    kept(2 + 2 + 3 * 3 + 1, 'the scores');
    const attention = packHeadRows(scoresOfHeads, { kind: 'elastic', alpha });
    const mixed = multiplyHeads(attention, values);
    kept(2 + 2 + 3 * 3 + 1 + 2 + 1, 'attention x v');
    await mixed.data();
    tf.dispose([y, scoresOfHeads, mixed]);
    for (const made of [rows, left, keys, values, attention]) disposeTensors(made);
    kept(2, 'what stays');
  };
  await forward();
  const [bytes, held] = [heapBytes(), tf.backend().numDataIds()];
  for (let run = 0; run < numRuns; run++) await forward();
  require(heapBytes() === bytes, `the heap has ${heapBytes()} bytes, had ${bytes}`);
  const now = tf.backend().numDataIds(); // also what a kernel allocates for itself
  require(now === held, `the backend holds ${now} buffers, held ${held}`);
  disposeTensors(weights);
  tf.dispose(inputs);
  kept(-Object.keys(inputs).length, 'all disposed');
}

function disposeTensors(value: SignRows | WeightPanels | HeadRows | HeadColumns): void {
  tf.dispose({ ...value } as unknown as tf.TensorContainer);
}

/** Bytes of tfjs's WebAssembly heap; other backends have none. */
function heapBytes(): number {
  if (tf.getBackend() !== 'wasm') return 0;
  const { wasm } = tf.backend() as unknown as { readonly wasm: { readonly HEAPU8: Uint8Array } };
  return wasm.HEAPU8.buffer.byteLength;
}
