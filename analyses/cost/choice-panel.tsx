'use client';

import { Button } from '@mantine/core';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { Segmented } from '@/components/ui/segmented';
import { countCost } from '@/models/accounting/count-cost';
import { CUSTOM_SIZES } from '@/models/accounting/custom-config';
import { formatTimes } from '@/lib/viz/format';
import type { ModelConfig } from '@/models/config';
import { layersOf } from '@/models/architectures/configs';
import { queryCount } from '@/models/architectures/layer-shape';
import {
  CHOICES,
  isSameFor,
  mayBeDistilled,
  nameOf,
  partsOf,
  refusalOf,
  withArchitecture,
  withSizes,
  type CostChoice,
  type CostFamily,
} from './cost-choice';
import { COST_FORMULAS } from './cost-formulas';
import { BITS_PRESETS, PART_NAMES, PART_NOTES, sizeLine } from './cost-names';
import { SizeField } from './size-field';
import classes from './cost.module.css';

interface ChoicePanelProps {
  readonly choice: CostChoice;
  readonly config: ModelConfig;
  readonly family: CostFamily;
  readonly onChange: (choice: CostChoice) => void;
}

/** Which architecture is counted, and which of its parts are one bit. */
export function ChoicePanel({ choice, config, family, onChange }: ChoicePanelProps) {
  const { architecture, distilled } = choice;
  // Without the distillation token.
  const plain = queryCount(layersOf(config)) - (distilled ? 1 : 0);
  return (
    <Block
      title="Cost accountant"
      detail="theory, of one image"
      id="cost"
      help={`Counted: ${nameOf(architecture, family)}, ${sizeLine(config)}. Nothing of it is run; only the third number beneath is timed, when you ask.`}
    >
      <About formulas={COST_FORMULAS}>
        What a model costs follows from its shapes: a multiply-accumulate for every weight that meets a token, and for
        every pair of tokens in the attention. Where both factors are one bit, 64 of them fit in one XNOR and one
        popcount, so what little stays real-valued soon costs the most.
      </About>
      <div className={classes.group} role="group" aria-label="Architecture">
        {CHOICES.map((id) => (
          <Button
            key={id}
            size="compact-sm"
            variant="default"
            className={classes.preset}
            aria-pressed={id === architecture}
            onClick={() => onChange(withArchitecture(choice, id, family))}
          >
            {nameOf(id, family)}
          </Button>
        ))}
      </div>
      {mayBeDistilled(architecture) && (
        <div className={classes.tokens}>
          <span aria-hidden="true">Tokens</span>
          <Segmented
            label="Tokens"
            value={distilled ? 'two' : 'one'}
            onChange={(value) => onChange({ ...choice, distilled: value === 'two' })}
            options={{ one: `${plain}: cls`, two: `${plain + 1}: cls, dist` }}
          />
          <span className={classes.note}>Bi-ViT’s code has both, each with a head of its own.</span>
        </div>
      )}
      {architecture === 'custom' && <CustomFields choice={choice} onChange={onChange} />}
      <Precision choice={choice} config={config} onChange={onChange} />
    </Block>
  );
}

function CustomFields({ choice, onChange }: Pick<ChoicePanelProps, 'choice' | 'onChange'>) {
  const refusal = refusalOf(choice);
  return (
    <fieldset className={classes.custom}>
      <legend className="lens-visually-hidden">Sizes of a DeiT of your own</legend>
      <div className={classes.sizes}>
        {CUSTOM_SIZES.map((size) => (
          <SizeField
            key={size}
            size={size}
            value={choice.sizes[size]}
            onChange={(value) => onChange(withSizes(choice, { [size]: value }))}
          />
        ))}
      </div>
      {/* Its room is always kept: a sentence that comes moves nothing. */}
      <p role="status" className={classes.refusal} data-refused={refusal !== null}>
        {refusal === null
          ? 'A DeiT with three colour channels; what is binary in it is as in Bi-ViT’s code.'
          : `${refusal} The account is still of the last sizes that fit.`}
      </p>
    </fieldset>
  );
}

function Precision({ choice, config, onChange }: Omit<ChoicePanelProps, 'family'>) {
  const parts = partsOf(config);
  const presets = BITS_PRESETS.filter(({ merges }) => !merges || parts.includes('patchMerging'));
  return (
    <>
      <div className={classes.dials}>
        {parts.map((part) => (
          <div key={part}>
            <div className={classes.name}>
              <strong>{PART_NAMES[part]}</strong>
              <span className={classes.note}>{PART_NOTES[part]}</span>
            </div>
            <Segmented
              label={`Bits of the ${PART_NAMES[part]}`}
              fullWidth
              value={String(choice.bits[part])}
              onChange={(value) => onChange({ ...choice, bits: { ...choice.bits, [part]: value === '1' ? 1 : 32 } })}
              options={[
                { value: '32', label: '32 bits' },
                { value: '1', label: '1 bit' },
              ]}
            />
          </div>
        ))}
      </div>
      <div className={classes.group} role="group" aria-label="Which parts are one bit">
        {presets.map(({ label, bits }) => (
          <Button
            key={label}
            size="compact-sm"
            variant="default"
            className={classes.preset}
            aria-pressed={isSameFor(parts, bits, choice.bits)}
            onClick={() => onChange({ ...choice, bits })}
          >
            {label}: {formatTimes(countCost(config, bits).ratio)}
          </Button>
        ))}
      </div>
    </>
  );
}
