import { useCallback } from 'react';
import { queryToken } from '@/components/panels/trace-row';
import { layerAt } from '@/lib/store/subject';
import { useLens } from '@/lib/store/use-lens';
import { layoutKeys, layoutRows, rowOf, spreadRow } from '@/lib/viz/attention-rows';

/** Lays a row of the chosen query over all tokens of the chosen layer; zeros for a row that is of another model. */
export function useSpread(): (values: Float32Array | null) => Float32Array {
  const subject = useLens((state) => state.subject);
  const layer = useLens((state) => state.selection.layer);
  const query = useLens((state) => state.selection.query);
  return useCallback(
    (values) => {
      const { layout } = layerAt(subject, layer);
      if (values?.length !== layoutKeys(layout)) return new Float32Array(layoutRows(layout));
      return spreadRow(layout, rowOf(layout, queryToken(subject, { layer, query })), values);
    },
    [subject, layer, query],
  );
}
