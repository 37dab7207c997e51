import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from '@/models/config';
import { mlpHiddenSize } from '@/models/architectures/mlp-size';
import { numTokens, type DeitConfig } from '@/models/architectures/deit/config';
import { QUANTIZATIONS } from '@/models/quantization';
import { QUANTIZATION_NAMES } from '@/models/quantization';

const GOOD = {
  architecture: 'deit',
  quantization: 'bi-vit',
  imageSize: 224,
  patchSize: 16,
  embedDim: 192,
  depth: 12,
  numHeads: 3,
  mlpRatio: 4,
  numClasses: 1000,
  distilled: true,
  normEps: 1e-6,
};

describe('a configuration', () => {
  it('fills in defaults for missing keys', () => {
    expect(parseConfig(JSON.stringify(GOOD))).toEqual({ ...GOOD, inChannels: 3, qkNormEps: 1e-5 });
  });

  it('drops unknown keys', () => {
    expect(parseConfig(JSON.stringify({ ...GOOD, epoch: 12, constructor: 'x' }))).not.toHaveProperty('epoch');
  });

  it('determines token counts and hidden sizes', () => {
    const config = parseConfig(JSON.stringify(GOOD)) as DeitConfig;
    expect([numTokens(config), mlpHiddenSize(config)]).toEqual([198, 768]);
    expect(numTokens({ ...config, distilled: false })).toBe(197);
  });

  it('has a quantization for every name', () => {
    expect(Object.keys(QUANTIZATIONS)).toEqual([...QUANTIZATION_NAMES]);
    for (const name of QUANTIZATION_NAMES) expect(QUANTIZATIONS[name].name).toBe(name);
  });

  it.each<[string, string, RegExp]>([
    ['is not JSON', '{', /not valid JSON/],
    ['is null', 'null', /names no "architecture"/],
    ['names no architecture', '{}', /names no "architecture"/],
    ['names an unknown architecture', '{"architecture":"resnet"}', /"resnet" is not one this version runs/],
    ['has an object as architecture', '{"architecture":{}}', /not one this version runs/],
  ])('that %s is rejected', (_, json, message) => {
    expect(() => parseConfig(json)).toThrow(ConfigError);
    expect(() => parseConfig(json)).toThrow(message);
  });

  it.each<[object, RegExp]>([
    [{ quantization: 'toString' }, /quantization/],
    [{ imageSize: 225 }, /patchSize: 16 does not divide imageSize 225/],
    [{ imageSize: 1e9 }, /imageSize/],
    [{ imageSize: 2048, patchSize: 1 }, /more than 4096 patches/],
    [{ imageSize: -224 }, /imageSize/],
    [{ patchSize: 0 }, /patchSize/],
    [{ embedDim: 191 }, /3 does not divide embedDim 191/],
    [{ embedDim: 4096, numHeads: 64, depth: 64, mlpRatio: 16 }, /parameters/],
    [{ embedDim: 19.2 }, /embedDim/],
    [{ numHeads: '3' }, /numHeads/],
    [{ depth: 1e308 }, /depth/],
    [{ depth: null }, /depth/],
    [{ mlpRatio: 0 }, /mlpRatio/],
    [{ numClasses: 1e6 }, /numClasses/],
    [{ distilled: 'no' }, /distilled/],
    [{ normEps: 0 }, /normEps/],
    [{ normEps: -1 }, /normEps/],
    [{ qkNormEps: 1 }, /qkNormEps/],
    [{ inChannels: 17 }, /inChannels/],
  ])('with %o is rejected with a sentence that says why', (change, message) => {
    const json = JSON.stringify({ ...GOOD, ...change });
    expect(() => parseConfig(json)).toThrow(ConfigError);
    expect(() => parseConfig(json)).toThrow(message);
  });
});
