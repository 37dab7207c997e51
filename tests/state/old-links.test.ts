/** Links that were made while a checkpoint was called `backbone`: each still opens the same state. */
import { describe, expect, it } from 'vitest';
import { formatSelection, parseSelection } from '@/state/selection-url';
import { DEFAULT_SELECTION, type Selection } from '@/state/selection-types';

const OLD_LINKS: readonly (readonly [search: string, change: Partial<Selection>])[] = [
  ['', {}],
  ['?query=3&scaling=off', { query: 3, scaling: false }],
  ['?layer=4&head=2&metric=tauB&map=binarized', { layer: 3, head: 1, metric: 'tauB', map: 'binarized' }],
  ['?image=sample-17&panel=gradient&loss=predicted', { image: 'sample-17', panel: 'gradient', loss: 'predicted' }],
  [
    '?image=own-0123456789abcdef&view=plain&scale=per-head',
    { image: 'own-0123456789abcdef', view: 'plain', scale: 'per-head' },
  ],
  ['?ranking=off&compare=teacher.baseline.bi-vit', { ranking: false, compare: ['teacher', 'baseline', 'bi-vit'] }],
  [
    '?backbone=timm%2Fdeit_tiny_patch16_224.fb_in1k&image=photo-cat&query=190&layer=12&head=3',
    { family: 'timm/deit_tiny_patch16_224.fb_in1k', image: 'photo-cat', query: 190, layer: 11, head: 2 },
  ],
  [
    '?backbone=file-0123456789abcdef&recipe=lin.qkv.elastic.official&panel=precision',
    { family: 'file-0123456789abcdef', recipe: 'lin.qkv.elastic.official', panel: 'precision' },
  ],
  [
    '?backbone=timm%2Fswin_tiny_patch4_window7_224.ms_in1k&student=file-fedcba9876543210&panel=cost',
    { family: 'timm/swin_tiny_patch4_window7_224.ms_in1k', student: 'file-fedcba9876543210', panel: 'cost' },
  ],
  ['?backbone=&panel=live&embed=1', { panel: 'live' }],
];

describe('a link made earlier', () => {
  it.each(OLD_LINKS)('%s opens the same state', (search, change) => {
    expect(parseSelection(search)).toEqual({ ...DEFAULT_SELECTION, ...change });
  });

  it.each(OLD_LINKS)('%s is written in today’s words from then on', (search) => {
    const selection = parseSelection(search);
    const written = formatSelection(selection, search);
    expect(written).not.toContain('backbone');
    expect(parseSelection(written)).toEqual(selection);
  });
});
