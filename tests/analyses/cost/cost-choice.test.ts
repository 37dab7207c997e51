import { describe, expect, it } from 'vitest';
import { countCost } from '@/models/accounting/count-cost';
import { ALL_BINARY, ALL_REAL, AS_IN_THE_CODE } from '@/lib/accounting/precision';
import {
  chosenConfig,
  FIRST_CHOICE,
  isSameFor,
  partsOf,
  refusalOf,
  withArchitecture,
  CHOICES,
  withSizes,
  type ChoiceId,
  type CostChoice,
} from '@/analyses/cost/cost-choice';
import { layerName, opName, PART_KEYS } from '@/analyses/cost/cost-names';
import { recomputedSentence } from '@/analyses/cost/ratio-panel';
import { numTokens } from '@/models/architectures/deit/config';
import { DEFAULT_FAMILY } from '@/models/families/registry';

const configOf = (choice: CostChoice) => chosenConfig(choice, DEFAULT_FAMILY);
const withChoice = (choice: CostChoice, id: ChoiceId) => withArchitecture(choice, id, DEFAULT_FAMILY);
const chosen = (id: ChoiceId) => configOf(withChoice(FIRST_CHOICE, id));

describe('what is chosen', () => {
  it('is the paper’s DeiT-Tiny at first, binary where its code is', () => {
    const config = configOf(FIRST_CHOICE);
    expect(config.architecture === 'deit' && numTokens(config)).toBe(198);
    expect(countCost(config, FIRST_CHOICE.bits).total.parameters).toBe(5_914_160);
  });

  it('has a distillation token only where the architecture may have one', () => {
    expect(chosen('deit_base')).toMatchObject({ distilled: true });
    expect(chosen('family')).toMatchObject({ distilled: false });
    expect(chosen('swin_small')).not.toHaveProperty('distilled');
    expect(configOf({ ...FIRST_CHOICE, distilled: false })).toMatchObject({ distilled: false });
  });

  it('starts the custom one from the DeiT before it, and keeps what was typed when one comes back', () => {
    const small = withChoice(withChoice(FIRST_CHOICE, 'deit_small'), 'custom');
    expect(configOf(small)).toEqual(chosen('deit_small'));
    expect(configOf(withChoice(withChoice(small, 'swin_tiny'), 'custom'))).toEqual(chosen('deit_small'));
  });

  it('stays at the last sizes that fit, and says why the new ones do not', () => {
    const custom = withChoice(FIRST_CHOICE, 'custom');
    expect(refusalOf(custom)).toBeNull();
    const refused = withSizes(custom, { numHeads: 5 });
    expect(refusalOf(refused)).toMatch(/192 cannot be shared among 5 heads/);
    expect(refused.sizes.numHeads).toBe(5);
    expect(configOf(refused)).toEqual(configOf(custom));
    const mended = withSizes(refused, { embedDim: 320 });
    expect(refusalOf(mended)).toBeNull();
    expect(configOf(mended)).toMatchObject({ embedDim: 320, numHeads: 5, distilled: true });
    expect(refusalOf(withChoice(refused, 'swin_tiny'))).toBeNull();
  });

  it('compares only the parts that there are', () => {
    const real = { ...AS_IN_THE_CODE, patchMerging: 32 } as const;
    expect(isSameFor(partsOf(chosen('deit_tiny')), AS_IN_THE_CODE, real)).toBe(true);
    expect(isSameFor(partsOf(chosen('swin_tiny')), AS_IN_THE_CODE, real)).toBe(false);
  });
});

describe('the words of the account', () => {
  it('name every part, op and layer of every architecture, each differently', () => {
    for (const id of CHOICES) {
      const { byPart, byName, byLayer } = countCost(chosen(id), ALL_REAL);
      expect(byPart.map(({ key }) => key).toSorted()).toEqual(
        PART_KEYS.filter((part) => byPart.some(({ key }) => key === part)).toSorted(),
      );
      const ops = byName.map(({ key }) => opName(key));
      expect(new Set(ops).size).toBe(ops.length);
      const layers = byLayer.map(({ key }) => layerName(key));
      expect(new Set(layers).size).toBe(layers.length);
      expect(layers.join()).not.toMatch(/blocks\.|layers\./);
    }
  });

  it('say what bounds the ratio', () => {
    const config = chosen('deit_tiny');
    expect(recomputedSentence(countCost(config, ALL_REAL))).toMatch(/^Nothing is one bit/);
    expect(recomputedSentence(countCost(config, ALL_BINARY))).toMatch(/64 is as far/);
    const plain = recomputedSentence(countCost(config, AS_IN_THE_CODE)).replaceAll('\u202f', ' ');
    expect(plain).toMatch(/2\.3 % of the multiply-accumulates, and 60\.3 % of the operations that remain.*26\.0×/);
  });
});
