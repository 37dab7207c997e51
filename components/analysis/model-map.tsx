import { memberOf, type MemberId } from '@/models/families/family';
import { useMemo } from 'react';
import { AttentionMap, type AttentionMapProps } from '@/components/charts/attention-map';
import { binarizedEntryCard, softmaxedEntryCard } from '@/components/analysis/entry-card';
import { Reserved } from '@/components/analysis/reserved';
import { attentionRow, overTokens, type MapKind, type RowPlace } from '@/components/analysis/trace-row';
import { Explained } from '@/components/ui/explained';
import { useAppState } from '@/state/use-app-state';
import type { ColorScale } from '@/lib/viz/color-scale';
import { tokenCount } from '@/lib/viz/patch-geometry';
import type { Trace } from '@/engine/protocol';
import classes from '../../analyses/attention/attention-panel.module.css';
import shared from './panels.module.css';

interface ModelMapProps {
  readonly id: MemberId;
  readonly title: string;
  readonly trace: Trace | null;
  readonly place: RowPlace;
  readonly kind: MapKind;
  readonly scale: ColorScale;
  readonly settings: Omit<AttentionMapProps, 'title' | 'values' | 'scale'>;
}

/** One model's map of the chosen row, with the formula behind each entry; its room is kept until the trace is here. */
export function ModelMap({ id, title, trace, place, kind, scale, settings }: ModelMapProps) {
  const tokens = tokenCount(settings.geometry);
  const nothing = useMemo(() => new Float32Array(tokens), [tokens]);
  const family = useAppState((state) => state.family);
  const isThere = useAppState((state) => memberOf(state.family, id) !== null);
  const row = useMemo(() => {
    const found = trace && overTokens(trace, place, attentionRow(trace, place, kind));
    // A trace may be of the model before for a moment.
    return found?.length === tokens ? found : null;
  }, [trace, place, kind, tokens]);
  const map = (
    <AttentionMap
      {...settings}
      title={title}
      note={kind}
      quantity="attention"
      values={row ?? nothing}
      scale={scale}
      renderReadout={(token, text) => {
        const card =
          trace && (kind === 'binarized' ? binarizedEntryCard : softmaxedEntryCard)(id, trace, place, token, family);
        return card === null ? text : <Explained {...card} value={text} />;
      }}
    />
  );
  if (!isThere || (trace !== null && row === null)) {
    return (
      <div className={`${shared.reserved} ${classes.nothing}`}>
        <div className={classes.nothingRoom} aria-hidden="true" inert>
          {map}
        </div>
        <p>
          <strong>{title}</strong>{' '}
          {isThere
            ? 'does not binarize its attention here: there is nothing to show.'
            : 'is not there: this checkpoint came without it.'}
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
