import { AttentionMap, type AttentionMapProps } from '@/components/charts/attention-map';
import { binarizedEntryCard, softmaxedEntryCard } from '@/components/panels/entry-card';
import { Reserved } from '@/components/panels/reserved';
import { attentionRow, type MapKind, type RowPlace } from '@/components/panels/trace-row';
import { Explained } from '@/components/ui/explained';
import type { ColorScale } from '@/lib/viz/color-scale';
import { FAMILY, type ModelId, type Trace } from '@/lib/worker/protocol';
import classes from './attention-panel.module.css';
import shared from './panels.module.css';

interface ModelMapProps {
  readonly id: ModelId;
  readonly title: string;
  readonly trace: Trace | null;
  readonly place: RowPlace;
  readonly kind: MapKind;
  readonly scale: ColorScale;
  readonly settings: Omit<AttentionMapProps, 'title' | 'values' | 'scale'>;
}

const NOTHING = new Float32Array(FAMILY.tokens);

/** One model's map of the chosen row, with the formula behind each entry; its room is kept until the trace is here. */
export function ModelMap({ id, title, trace, place, kind, scale, settings }: ModelMapProps) {
  const row = trace && attentionRow(trace, place, kind);
  const map = (
    <AttentionMap
      {...settings}
      title={title}
      note={kind}
      quantity="attention"
      values={row ?? NOTHING}
      scale={scale}
      renderReadout={(token, text) => {
        const card = trace && (kind === 'binarized' ? binarizedEntryCard : softmaxedEntryCard)(id, trace, place, token);
        return card === null ? text : <Explained {...card} value={text} />;
      }}
    />
  );
  if (trace !== null && row === null) {
    return (
      <div className={`${shared.reserved} ${classes.nothing}`}>
        <div className={classes.nothingRoom} aria-hidden="true" inert>
          {map}
        </div>
        <p>
          <strong>{title}</strong> does not binarize its attention: there is nothing to show here.
        </p>
      </div>
    );
  }
  return (
    <Reserved ready={row !== null} label={`the ${kind} attention of ${title}`}>
      {map}
    </Reserved>
  );
}
