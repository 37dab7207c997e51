import { describe, expect, it } from 'vitest';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { layerAt, queryCount } from '@/models/architectures/configs';
import { layersOf, subjectOf } from '@/state/subject-of-backbone';
import { FAMILY } from '@/tests/fashion-mnist';
import type { DeitConfig } from '@/models/config';
import type { SwinConfig } from '@/models/swin-config';

const deit: DeitConfig = {
  architecture: 'deit',
  quantization: 'none',
  imageSize: 224,
  patchSize: 16,
  inChannels: 3,
  embedDim: 192,
  depth: 12,
  numHeads: 3,
  mlpRatio: 4,
  numClasses: 1000,
  distilled: true,
  normEps: 1e-6,
  qkNormEps: 1e-5,
};

const swin: SwinConfig = {
  architecture: 'swin',
  quantization: 'none',
  imageSize: 224,
  patchSize: 4,
  inChannels: 3,
  embedDim: 96,
  depths: [2, 2, 6, 2],
  numHeads: [3, 6, 12, 24],
  windowSize: 7,
  mlpRatio: 4,
  numClasses: 1000,
  normEps: 1e-5,
};

describe('the shape of what is looked at', () => {
  it('is the family’s at first', () => {
    expect(queryCount(DEFAULT_FAMILY)).toBe(FAMILY.tokens);
    expect(DEFAULT_FAMILY.layers.map(({ heads }) => heads)).toEqual([4, 4, 4, 4]);
  });

  it('counts class tokens and patches of a DeiT, every layer alike', () => {
    const subject = subjectOf({ id: 'a/b', label: 'b', config: deit, modelIds: ['teacher'] }, []);
    expect(queryCount(subject)).toBe(198);
    expect(subject.layers).toHaveLength(12);
    expect(layerAt(subject, 99)).toEqual(layerAt(subject, 11));
    expect([subject.channels, subject.classes, subject.kind]).toEqual([3, 1000, 'backbone']);
  });

  it('has a stage for each grid of a Swin, every other block’s windows moved while there are several', () => {
    const layers = layersOf(swin);
    expect(layers.map(({ heads }) => heads)).toEqual([3, 3, 6, 6, 12, 12, 12, 12, 12, 12, 24, 24]);
    expect(layers.map(({ stage }) => stage)).toEqual([0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3]);
    expect(layers.map(({ layout }) => layout.gridSide)).toEqual([56, 56, 28, 28, 14, 14, 14, 14, 14, 14, 7, 7]);
    expect(layers.map(({ layout }) => layout.window?.shift)).toEqual([0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 0]);
  });
});
