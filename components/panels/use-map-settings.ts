import { useMemo } from 'react';
import type { AttentionMapProps } from '@/components/charts/attention-map';
import { GEOMETRY } from '@/components/panels/trace-row';
import { useLens, useLensActions } from '@/lib/store/use-lens';

/** What all panes share: picture, view, query, and the token under the pointer. */
export function useMapSettings(
  activeToken: number | null,
  onActiveToken: (token: number | null) => void,
): Omit<AttentionMapProps, 'title' | 'values' | 'scale'> {
  const view = useLens((state) => state.selection.view);
  const query = useLens((state) => state.selection.query);
  const pixels = useLens((state) => state.image.current?.pixels ?? null);
  const { select } = useLensActions();
  return useMemo(
    () => ({
      geometry: GEOMETRY,
      view,
      query,
      image: pixels === null ? null : { width: 28, height: 28, data: pixels },
      onSelectQuery: (token: number) => select({ query: token }),
      activeToken,
      onActiveToken,
    }),
    [view, query, pixels, select, activeToken, onActiveToken],
  );
}
