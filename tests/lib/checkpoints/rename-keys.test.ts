import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CheckpointError, type CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import { renameKeys } from '@/lib/checkpoints/rename-keys';

const golden = (name: string) =>
  parseCheckpoint(readFileSync(fileURLToPath(new URL(`../../golden/${name}`, import.meta.url)))).tensors;

type Tensors = Map<string, CheckpointTensor>;

/** The way back, written independently: timm's names as transformers has them. */
function asTransformers(tensors: ReadonlyMap<string, CheckpointTensor>, model: 'deit' | 'swin'): Tensors {
  const block = (key: string): string =>
    key.replace(/^blocks\.(\d+)/, 'encoder.layer.$1').replace(/^layers\./, 'encoder.layers.');
  const result: Tensors = new Map();
  for (const [key, tensor] of tensors) {
    const qkv = /^(.+)\.attn\.qkv\.(weight|bias)$/.exec(key);
    if (qkv !== null) {
      const [, at = '', kind = ''] = qkv;
      const size = tensor.data.length / 3;
      const [rows = 0, ...rest] = tensor.shape;
      for (const [i, part] of ['query', 'key', 'value'].entries()) {
        const inner = model === 'swin' ? 'self' : 'attention';
        const data = (tensor.data as Float32Array).slice(i * size, (i + 1) * size);
        result.set(`${model}.${block(at)}.attention.${inner}.${part}.${kind}`, {
          dtype: 'F32',
          shape: [rows / 3, ...rest],
          data,
        });
      }
      continue;
    }
    const [, classifier] = /^head\.(weight|bias)$/.exec(key) ?? [];
    const name = block(key)
      .replace(/^cls_token$/, 'embeddings.cls_token')
      .replace(/^pos_embed$/, 'embeddings.position_embeddings')
      .replace(/^patch_embed\.proj/, 'embeddings.patch_embeddings.projection')
      .replace(/^patch_embed\.norm/, 'embeddings.norm')
      .replace(/\.norm1\./, '.layernorm_before.')
      .replace(/\.norm2\./, '.layernorm_after.')
      .replace(/\.attn\.proj\./, '.attention.output.dense.')
      .replace(/\.attn\.relative/, '.attention.self.relative')
      .replace(/\.mlp\.fc1\./, '.intermediate.dense.')
      .replace(/\.mlp\.fc2\./, '.output.dense.')
      .replace(/^norm\./, 'layernorm.');
    result.set(classifier === undefined ? `${model}.${name}` : `classifier.${classifier}`, tensor);
  }
  return result;
}

const withoutMasks = (tensors: ReadonlyMap<string, CheckpointTensor>): Tensors =>
  new Map([...tensors].filter(([key]) => !key.endsWith('attn_mask')));

describe('the names in a checkpoint', () => {
  it.each(['deit_micro.pth', 'official_bi_deit_micro.pth', 'swin_micro.pth', 'official_bi_swin_micro.pth'])(
    'of %s are timm’s and stay',
    (name) => {
      const tensors = golden(name);
      expect(renameKeys(tensors)).toEqual({ naming: 'timm', tensors, ignored: [] });
    },
  );

  it.each([
    ['deit_micro.pth', 'deit'],
    ['swin_micro.pth', 'swin'],
  ] as const)('of %s come back from what transformers would call them', (name, model) => {
    const tensors = withoutMasks(golden(name));
    const theirs = asTransformers(tensors, model);
    theirs.set(`${model}.pooler.dense.weight`, { dtype: 'F32', shape: [1], data: Float32Array.of(1) });
    const { naming, tensors: ours, ignored } = renameKeys(theirs);
    expect(naming).toBe('transformers');
    expect([...ours.keys()].sort()).toEqual([...tensors.keys()].sort());
    for (const [key, tensor] of tensors) expect(ours.get(key), key).toEqual(tensor);
    expect(ignored).toEqual([{ key: `${model}.pooler.dense.weight`, why: expect.stringMatching(/pooler/) }]);
  });

  it('of a distilled DeiT in transformers have two classifiers and two tokens', () => {
    const one: CheckpointTensor = { dtype: 'F32', shape: [1], data: Float32Array.of(1) };
    const keys = ['deit.embeddings.cls_token', 'deit.embeddings.distillation_token', 'cls_classifier.weight'];
    const { tensors } = renameKeys(new Map([...keys, 'distillation_classifier.bias'].map((key) => [key, one])));
    expect([...tensors.keys()]).toEqual(['cls_token', 'dist_token', 'head.weight', 'head_dist.bias']);
  });

  it('of Swin in timm since 0.9 have the merging at the beginning of a stage', () => {
    const tensors = golden('swin_micro.pth');
    const moved = new Map(
      [...tensors].map(([key, tensor]) => [
        key.replace(/^layers\.0\.downsample/, 'layers.1.downsample').replace(/^head\./, 'head.fc.'),
        tensor,
      ]),
    );
    expect(renameKeys(moved).tensors).toEqual(tensors);
  });

  it('lose what several devices put before them', () => {
    const tensors = golden('deit_micro.pth');
    const wrapped = new Map([...tensors].map(([key, tensor]) => [`module.model.${key}`, tensor]));
    expect(renameKeys(wrapped).tensors).toEqual(tensors);
  });

  it('that belong to another kind of model are refused', () => {
    const one: CheckpointTensor = { dtype: 'F32', shape: [1], data: Float32Array.of(1) };
    expect(() => renameKeys(new Map([['embeddings.word_embeddings.weight', one]]))).toThrow(CheckpointError);
  });

  it('with a query of another shape than the key are refused', () => {
    const theirs = asTransformers(golden('deit_micro.pth'), 'deit');
    const key = [...theirs.keys()].find((name) => name.endsWith('key.weight')) ?? '';
    theirs.set(key, { dtype: 'F32', shape: [1], data: Float32Array.of(1) });
    expect(() => renameKeys(theirs)).toThrow(/not three float tensors of the same shape/);
  });
});
