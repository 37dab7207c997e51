import { useCallback } from 'react';
import { queryToken } from '@/components/analysis/trace-row';
import { layerAt } from '@/models/architectures/layer-shape';
import { useAppState } from '@/state/use-app-state';
import { layoutKeys, layoutRows, rowOf, spreadRow } from '@/lib/viz/attention-rows';

/** Lays a row of the chosen query over all tokens of the chosen layer; zeros for a row that is of another model. */
export function useSpread(): (values: Float32Array | null) => Float32Array {
  const family = useAppState((state) => state.family);
  const layer = useAppState((state) => state.selection.layer);
  const query = useAppState((state) => state.selection.query);
  return useCallback(
    (values) => {
      const { layout } = layerAt(family.layers, layer);
      if (values?.length !== layoutKeys(layout)) return new Float32Array(layoutRows(layout));
      return spreadRow(layout, rowOf(layout, queryToken(family, { layer, query })), values);
    },
    [family, layer, query],
  );
}
