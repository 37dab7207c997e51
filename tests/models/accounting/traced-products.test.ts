import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { countCost } from '@/models/accounting/count-cost';
import { ALL_REAL } from '@/lib/accounting/precision';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { tf } from '@/lib/tf';
import { configOf } from '@/models/infer-config';
import { createModel } from '@/models/create-model';
import { swinStages } from '@/models/architectures/swin/config';
import { CHECKPOINTS } from '@/scripts/node-engine';
import { describeOnEachBackend } from '@/tests/models/backends';

/** The multiply-accumulates by brute force: the shapes of every matrix product of a real forward. */

const GOLDEN = ['deit_micro', 'official_bi_deit_micro', 'swin_micro', 'official_bi_swin_micro'].map((name) => [
  name,
  `tests/golden/${name}.safetensors`,
]);
const EMBEDDED = ['teacher', 'bi-vit'].map((id) => [id, join(CHECKPOINTS, `${id}.safetensors`)]);

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

async function tracedMacs(path: string, batch: number) {
  const checkpoint = parseSafetensors(readFileSync(path));
  const config = configOf(checkpoint);
  const model = createModel(config, checkpoint.tensors);
  const images = tf.randomUniform<tf.Rank.R4>(
    [batch, config.inChannels, config.imageSize, config.imageSize],
    -1,
    1,
    'float32',
    7,
  );
  const { kernels } = await tf.profile(() => tf.tidy(() => model.forward(images)));
  const products = kernels.filter(({ name }) => /MatMul|Conv/.test(name));
  const macs = products.map(({ inputShapes, outputShapes }) => {
    const [a, b] = inputShapes;
    const [out] = outputShapes;
    if (a === undefined || b === undefined || out === undefined) throw new Error('a product without shapes');
    // a x b: the entries of both are the outer sizes once and the inner size twice.
    const inner = Math.sqrt((sizeOf(a) * sizeOf(b)) / (sizeOf(out) * sizeOf(out.slice(0, -2))));
    return sizeOf(out) * inner;
  });
  tf.dispose(images);
  model.dispose();
  return { config, macs: macs.reduce((sum, n) => sum + n, 0) };
}

describeOnEachBackend('the products of a forward are those that are counted', () => {
  it.each([...GOLDEN, ...EMBEDDED])('%s', async (_name, path) => {
    const batch = 2;
    const { config, macs } = await tracedMacs(path ?? '', batch);
    // Each Swin block looks up its position biases through a product with a one-hot matrix, which is not counted.
    const lookups =
      config.architecture === 'deit'
        ? 0
        : swinStages(config).reduce(
            (sum, { depth, windowSize: w, numHeads }) => sum + depth * w ** 4 * (2 * w - 1) ** 2 * numHeads,
            0,
          );
    expect(macs).toBeCloseTo(batch * countCost(config, ALL_REAL).total.macs + lookups, 3);
  });
});
