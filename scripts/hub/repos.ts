/**
 * What the hub on this machine holds: the project's own small models, which are in every checkout, and published weights where a folder
 * with them is there. Each repository has a config.json as timm writes it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StandInRepo } from '@/scripts/hub/stand-in';

interface TimmInput {
  readonly size: number;
  readonly channels: number;
  readonly cropShare: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** ImageNet's, as every DeiT was trained with. */
const IMAGENET: Pick<TimmInput, 'channels' | 'mean' | 'std'> = {
  channels: 3,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

function timmConfig(architecture: string, { size, channels, cropShare, mean, std }: TimmInput, more = {}): Uint8Array {
  const config = {
    architecture,
    ...more,
    pretrained_cfg: {
      input_size: [channels, size, size],
      fixed_input_size: true,
      interpolation: 'bicubic',
      crop_pct: cropShare,
      crop_mode: 'center',
      mean,
      std,
    },
  };
  return new TextEncoder().encode(JSON.stringify(config, null, 2));
}

/** @param golden the folder of the project's small models; @param weights that of published ones, which may be missing */
export function standInRepos(golden: string, weights: string): readonly StandInRepo[] {
  const micro = (name: string): StandInRepo => ({
    id: `lens/${name}`,
    licence: 'mit',
    files: new Map([
      ['config.json', timmConfig(name, { ...IMAGENET, size: 32, cropShare: 0.875 })],
      ['model.safetensors', readFileSync(join(golden, `${name}.safetensors`))],
    ]),
  });
  const deitTiny = join(weights, 'deit_tiny_patch16_224.safetensors');
  const published: readonly StandInRepo[] = existsSync(deitTiny)
    ? [
        {
          id: 'timm/deit_tiny_patch16_224.fb_in1k',
          licence: 'apache-2.0',
          files: new Map([
            ['README.md', new TextEncoder().encode('DeiT-Tiny, as published.\n')],
            ['config.json', timmConfig('deit_tiny_patch16_224', { ...IMAGENET, size: 224, cropShare: 0.9 })],
            ['model.safetensors', readFileSync(deitTiny)],
          ]),
        },
      ]
    : [];
  const bare: StandInRepo = {
    id: 'lens/without-weights',
    licence: 'mit',
    files: new Map([['pytorch_model.bin', new Uint8Array([1, 2, 3])]]),
  };
  return [micro('deit_micro'), micro('swin_micro'), micro('official_bi_deit_micro'), bare, ...published];
}
