import { DEFAULT_FAMILY } from '@/models/families/registry';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countCost } from '@/models/accounting/count-cost';
import { ALL_REAL, AS_IN_THE_CODE } from '@/lib/accounting/precision';
import type { Checkpoint } from '@/lib/checkpoints/checkpoint';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { MODEL_IDS, STUDENT_IDS } from '@/tests/fashion-mnist';
import { configOf } from '@/models/infer-config';
import { CHECKPOINTS } from '@/scripts/node-engine';

/** Counted costs against the tensors of real checkpoints. */

const read = (path: string): Checkpoint => parseSafetensors(readFileSync(path));
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** PyTorch's buffers, which are not learned. */
const BUFFER = /\.(init_state|signed|relative_position_index|attn_mask)$/;

describe('the parameters are those of the tensors', () => {
  it.each(['deit_micro', 'official_bi_deit_micro', 'swin_micro', 'official_bi_swin_micro'])('of %s', (name) => {
    const checkpoint = read(`tests/golden/${name}.safetensors`);
    const learned = [...checkpoint.tensors].filter(([key]) => !BUFFER.test(key));
    const counted = learned.reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0);
    const config = configOf(checkpoint);
    const bits = config.quantization === 'none' ? ALL_REAL : AS_IN_THE_CODE;
    expect(countCost(config, bits).total.parameters).toBe(counted);
  });

  it('layer by layer', () => {
    const checkpoint = read('tests/golden/official_bi_swin_micro.safetensors');
    const layers = countCost(configOf(checkpoint), AS_IN_THE_CODE).byLayer.filter(({ key }) =>
      key.startsWith('layers.'),
    );
    expect(layers.map(({ key }) => key)).toEqual([
      'layers.0.blocks.0',
      'layers.0.blocks.1',
      'layers.0.downsample',
      'layers.1.blocks.0',
      'layers.1.blocks.1',
    ]);
    for (const { key: layer, parameters } of layers) {
      const own = [...checkpoint.tensors].filter(([key]) => key.startsWith(`${layer}.`) && !BUFFER.test(key));
      expect(parameters).toBe(own.reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0));
    }
  });

  it('of the embedded students, whose signs are packed and whose row scales follow from the weights', () => {
    for (const id of STUDENT_IDS) {
      const checkpoint = read(join(CHECKPOINTS, `${id}.safetensors`));
      let counted = 0;
      for (const [key, { shape }] of checkpoint.tensors) {
        if (key.endsWith('.weight_bits')) counted += 8 * sizeOf(shape);
        else if (!key.endsWith('.weight_scale')) counted += sizeOf(shape);
      }
      expect(countCost(configOf(checkpoint), AS_IN_THE_CODE).total.parameters).toBe(counted);
    }
  });
});

describe('the bytes are those of the files', () => {
  it.each(MODEL_IDS)('of %s', (id) => {
    const checkpoint = read(join(CHECKPOINTS, `${id}.safetensors`));
    const stored = [...checkpoint.tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    const bits = id === 'teacher' ? ALL_REAL : AS_IN_THE_CODE;
    expect(countCost(configOf(checkpoint), bits).total.bytes).toBe(stored);
  });
});

it('the embedded family’s checkpoints have its configuration', () => {
  for (const id of MODEL_IDS) {
    const config = configOf(read(join(CHECKPOINTS, `${id}.safetensors`)));
    expect({ ...config, quantization: 'bi-vit-elastic' }).toEqual(DEFAULT_FAMILY.config);
  }
});
