'use client';

import { PRECISION, PRECISION_BITS, type Precision } from '@/analyses/precision/protocol';
import { Button } from '@mantine/core';
import { AnalysisFrame } from '@/components/analysis/analysis-frame';
import { placeLabel } from '@/components/analysis/trace-row';
import { useNarrow } from '@/components/analysis/use-narrow';
import { About } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { Segmented } from '@/components/ui/segmented';
import { useAnalysis } from '@/state/use-analysis';
import { useAppState } from '@/state/use-app-state';
import { formatBits } from '@/lib/viz/format';
import { PRECISION_RULES } from './precision-rules';
import { isSamePrecision, PRECISION_PARTS, precisionLabel, PRESETS } from './precision-settings';
import { QuantizedPicture } from './quantized-picture';
import classes from './dial-panel.module.css';

export interface DialProps {
  readonly precision: Precision;
  readonly onChange: (precision: Precision) => void;
}

const PART_NOTES: { readonly [Part in (typeof PRECISION_PARTS)[number]]: string } = {
  weights: 'of the blocks’ linears',
  activations: 'into the linears; q, k, v',
  attention: 'after the softmax',
};

const BITS = PRECISION_BITS.map((bits) => ({ value: String(bits), label: String(bits) }));

/** The teacher with fewer bits: where the chosen query looks then, and what the teacher answers. */
export function DialPanel({ precision, onChange }: DialProps) {
  const selection = useAppState((state) => state.selection);
  const view = useAnalysis(PRECISION, { precision });
  const family = useAppState((state) => state.family);
  const narrow = useNarrow();
  return (
    <Block
      title="Precision dial"
      detail={placeLabel(selection, family)}
      id="precision-dial"
      help="Measured here, on this picture; 32 is the teacher itself. The patch embedding, the norms, the softmax and the head stay real-valued at every setting, as in the students."
    >
      <About formulas={PRECISION_RULES}>
        The same full-precision teacher, its numbers rounded to fewer bits after training and nothing trained again
        (post-training quantization). Turn the three dials down one by one to see which of them the attention and the
        answer survive.
      </About>
      <div className={classes.dials}>
        {PRECISION_PARTS.map((part) => (
          <div key={part}>
            <div className={classes.name}>
              <strong>{part}</strong> <span className={classes.note}>{PART_NOTES[part]}</span>
            </div>
            <Segmented
              label={`Bits of the ${part}`}
              fullWidth
              options={BITS}
              value={String(precision[part])}
              onChange={(chosen) => {
                const bits = PRECISION_BITS.find((each) => String(each) === chosen);
                if (bits !== undefined) onChange({ ...precision, [part]: bits });
              }}
            />
          </div>
        ))}
      </div>
      <div className={classes.presets} role="group" aria-label="Presets">
        {PRESETS.map((preset) => {
          const isOn = isSamePrecision(preset.precision, precision);
          return (
            <Button
              key={preset.label}
              size="compact-sm"
              variant="default"
              className={classes.preset}
              aria-pressed={isOn}
              onClick={() => onChange(preset.precision)}
            >
              {preset.label}
            </Button>
          );
        })}
        <span className={classes.note}>
          now {precisionLabel(precision)} {precision.attention === 1 ? 'bit' : 'bits'}
        </span>
      </div>
      <AnalysisFrame
        view={view}
        label={`the teacher at ${formatBits(precision.attention)} of attention`}
        minHeight={narrow ? 732 : 418}
      >
        {(picture) => <QuantizedPicture picture={picture} />}
      </AnalysisFrame>
    </Block>
  );
}
