import { useMemo } from 'react';
import type { AttentionMapProps } from '@/components/charts/attention-map';
import { geometryAt, queryOfToken, queryToken } from '@/components/panels/trace-row';
import { usePicture } from '@/components/panels/use-picture';
import { layerAt } from '@/lib/store/subject';
import { useLens, useLensActions } from '@/lib/store/use-lens';

/** What all panes share: picture, view, query, and the token under the pointer. */
export function useMapSettings(
  activeToken: number | null,
  onActiveToken: (token: number | null) => void,
): Omit<AttentionMapProps, 'title' | 'values' | 'scale'> {
  const view = useLens((state) => state.selection.view);
  const query = useLens((state) => state.selection.query);
  const layer = useLens((state) => state.selection.layer);
  const subject = useLens((state) => state.subject);
  const hasPicture = useLens((state) => state.image.current !== null);
  const picture = usePicture();
  const { select } = useLensActions();
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
