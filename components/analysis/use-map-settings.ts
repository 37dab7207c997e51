import { useMemo } from 'react';
import type { AttentionMapProps } from '@/components/charts/attention-map';
import { geometryAt, queryOfToken, queryToken } from '@/components/analysis/trace-row';
import { usePicture } from '@/components/analysis/use-picture';
import { layerAt } from '@/models/architectures/layer-shape';
import { useAppState, useActions } from '@/state/use-app-state';

/** What all panes share: picture, view, query, and the token under the pointer. */
export function useMapSettings(
  activeToken: number | null,
  onActiveToken: (token: number | null) => void,
): Omit<AttentionMapProps, 'title' | 'values' | 'scale'> {
  const view = useAppState((state) => state.selection.view);
  const query = useAppState((state) => state.selection.query);
  const layer = useAppState((state) => state.selection.layer);
  const family = useAppState((state) => state.family);
  const hasPicture = useAppState((state) => state.image.current !== null);
  const picture = usePicture();
  const { select } = useActions();
  return useMemo(
    () => ({
      geometry: geometryAt(family, layer),
      windows: layerAt(family.layers, layer).layout.window,
      view,
      query: queryToken(family, { layer, query }),
      image: hasPicture ? picture : null,
      onSelectQuery: (token: number) => select({ query: queryOfToken(family, layer, token) }),
      activeToken,
      onActiveToken,
    }),
    [view, query, layer, family, hasPicture, picture, select, activeToken, onActiveToken],
  );
}
