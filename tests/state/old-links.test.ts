/** Ten links exactly as the app wrote them while the `family` parameter was called `backbone`: each still opens the same state. */
import { describe, expect, it } from 'vitest';
import { formatSelection, parseSelection } from '@/state/selection-url';
import type { Selection } from '@/state/selection-types';

/** What those links leave out: the default selection of that time, which stays theirs whatever the app opens with later. */
const LEFT_OUT: Selection = {
  family: 'fashion-mnist',
  student: '',
  recipe: 'qkv.elastic.calibrated',
  image: 'sample-9',
  query: 33,
  layer: 0,
  head: 2,
  scaling: true,
  ranking: true,
  metric: 'cosine',
  map: 'softmaxed',
  view: 'overlay',
  scale: 'locked',
  compare: [],
  panel: 'attention',
  loss: 'true',
};

const DEIT = 'timm/deit_tiny_patch16_224.fb_in1k';
const SWIN = 'timm/swin_tiny_patch4_window7_224.ms_in1k';

const OLD_LINKS: readonly (readonly [search: string, stated: Partial<Selection>])[] = [
  ['?query=3&scaling=off', { query: 3, scaling: false }],
  ['?layer=4&head=2&metric=tauB&map=binarized', { layer: 3, head: 1, metric: 'tauB', map: 'binarized' }],
  ['?image=sample-17&panel=gradient&loss=predicted', { image: 'sample-17', panel: 'gradient', loss: 'predicted' }],
  [
    '?image=own-0123456789abcdef&view=plain&scale=per-head',
    { image: 'own-0123456789abcdef', view: 'plain', scale: 'per-head' },
  ],
  ['?ranking=off&compare=teacher.baseline.bi-vit', { ranking: false, compare: ['teacher', 'baseline', 'bi-vit'] }],
  [
    '?backbone=timm%2Fdeit_tiny_patch16_224.fb_in1k&recipe=lin.qkv.elastic.calibrated.1-12&image=photo-march-pastoral&query=100&layer=7&head=2&ranking=off&panel=ranking',
    {
      family: DEIT,
      recipe: 'lin.qkv.elastic.calibrated.1-12',
      image: 'photo-march-pastoral',
      query: 100,
      layer: 6,
      head: 1,
      ranking: false,
      panel: 'ranking',
    },
  ],
  [
    '?backbone=file-0123456789abcdef&recipe=lin.qkv.elastic.official&image=photo-cat&panel=precision',
    {
      family: 'file-0123456789abcdef',
      recipe: 'lin.qkv.elastic.official',
      image: 'photo-cat',
      panel: 'precision',
    },
  ],
  [
    '?backbone=timm%2Fswin_tiny_patch4_window7_224.ms_in1k&student=file-fedcba9876543210&image=photo-black-canyon&query=3135&layer=12&head=24&panel=cost',
    {
      family: SWIN,
      student: 'file-fedcba9876543210',
      image: 'photo-black-canyon',
      query: 3135,
      layer: 11,
      head: 23,
      panel: 'cost',
    },
  ],
  [
    '?backbone=timm%2Fdeit_tiny_patch16_224.fb_in1k&image=own-0123456789abcdef&query=196&scaling=off&ranking=off&metric=entropyDifference&compare=teacher.scaling&panel=attribution',
    {
      family: DEIT,
      image: 'own-0123456789abcdef',
      query: 196,
      scaling: false,
      ranking: false,
      metric: 'entropyDifference',
      compare: ['teacher', 'scaling'],
      panel: 'attribution',
    },
  ],
  [
    '?backbone=timm%2Fswin_tiny_patch4_window7_224.ms_in1k&student=timm%2Fdeit_tiny_patch16_224.fb_in1k&recipe=lin.qkv.elastic.official&image=photo-march-pastoral&query=0&layer=4&head=1&scaling=off&ranking=off&metric=topKOverlap&map=binarized&view=plain&scale=per-head&compare=teacher.baseline.scaling.ranking.bi-vit&panel=binarizers&loss=predicted',
    {
      family: SWIN,
      student: DEIT,
      recipe: 'lin.qkv.elastic.official',
      image: 'photo-march-pastoral',
      query: 0,
      layer: 3,
      head: 0,
      scaling: false,
      ranking: false,
      metric: 'topKOverlap',
      map: 'binarized',
      view: 'plain',
      scale: 'per-head',
      compare: ['teacher', 'baseline', 'scaling', 'ranking', 'bi-vit'],
      panel: 'binarizers',
      loss: 'predicted',
    },
  ],
];

describe('a link made earlier', () => {
  it.each(OLD_LINKS)('%s opens the same state', (search, stated) => {
    expect(parseSelection(search)).toEqual({ ...LEFT_OUT, ...stated });
  });

  it.each(OLD_LINKS)('%s is rewritten with today’s parameter names', (search) => {
    const selection = parseSelection(search);
    const written = formatSelection(selection, search);
    expect(written).not.toContain('backbone');
    expect(parseSelection(written)).toEqual(selection);
  });
});
