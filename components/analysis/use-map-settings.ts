import { useMemo } from 'react';
import type { AttentionMapProps } from '@/components/charts/attention-map';
import { geometryAt, queryOfToken, queryToken } from '@/components/analysis/trace-row';
import { usePicture } from '@/components/analysis/use-picture';
import { layerAt } from '@/state/subject';
import { useAppState, useActions } from '@/state/use-app-state';

/** What all panes share: picture, view, query, and the token under the pointer. */
export function useMapSettings(
  activeToken: number | null,
  onActiveToken: (token: number | null) => void,
): Omit<AttentionMapProps, 'title' | 'values' | 'scale'> {
  const view = useAppState((state) => state.selection.view);
  const query = useAppState((state) => state.selection.query);
  const layer = useAppState((state) => state.selection.layer);
  const subject = useAppState((state) => state.subject);
  const hasPicture = useAppState((state) => state.image.current !== null);
  const picture = usePicture();
  const { select } = useActions();
  return useMemo(
    () => ({
      geometry: geometryAt(subject, layer),
      windows: layerAt(subject, layer).layout.window,
      view,
      query: queryToken(subject, { layer, query }),
      image: hasPicture ? picture : null,
      onSelectQuery: (token: number) => select({ query: queryOfToken(subject, layer, token) }),
      activeToken,
      onActiveToken,
    }),
    [view, query, layer, subject, hasPicture, picture, select, activeToken, onActiveToken],
  );
}
