import { useState } from 'react';
import { announce, useAnnounceAtRest } from '@/components/charts/announce';
import { tokenOf } from '@/components/charts/data-attributes';
import { useRovingFocus, type RovingFocus } from '@/components/ui/use-roving-focus';
import { moveToken } from '@/lib/viz/grid-moves';
import { isLarge, type PatchGeometry } from '@/lib/viz/patch-geometry';

export interface TokenGridOptions {
  readonly geometry: PatchGeometry;
  readonly query: number;
  readonly onSelectQuery: (token: number) => void;
  /** Controls the active token from outside. */
  readonly activeToken?: number | null | undefined;
  readonly onActiveToken?: ((token: number | null) => void) | undefined;
  /** What is said while the pointer rests on a token. */
  readonly speak: (token: number) => string;
  /** Moving the focus chooses the query at once; if not, Enter or Space does. */
  readonly selectOnMove?: boolean;
}

export interface TokenGrid {
  /** The token under the pointer or the keyboard. */
  readonly active: number | null;
  /** The one token that Tab leads to. */
  readonly tabStop: number;
  /** For the element with role `grid`; its tokens carry `data-token`. */
  readonly handlers: RovingFocus<number>['handlers'];
}

/** Pointer and keyboard over the tokens of a picture: one tab stop, arrows within, click, Enter or Space to choose. */
export function useTokenGrid(options: TokenGridOptions): TokenGrid {
  const { geometry, query, onSelectQuery, onActiveToken, speak, selectOnMove = false } = options;
  const [ownActive, setOwnActive] = useState<number | null>(null);
  const announceAtRest = useAnnounceAtRest();
  const active = options.activeToken === undefined ? ownActive : options.activeToken;
  const { focused, handlers } = useRovingFocus<number>({
    itemAt: tokenOf,
    selectorOf: (token) => `[data-token="${token}"]`,
    move: (token, event) => moveToken(token, event, geometry),
    onSelect: (token) => {
      if (token !== query) onSelectQuery(token);
    },
    selectOnMove,
    onActive: (token, by) => {
      if (by === 'leave') announceAtRest('');
      else if (by === 'pointer' && token !== null && token !== active) announceAtRest(speak(token));
      // The focus stays on one cell, whose new name nobody would hear.
      else if (by === 'key' && token !== null && isLarge(geometry)) announce(speak(token));
      setOwnActive(token);
      if (token !== active) onActiveToken?.(token);
    },
  });
  return {
    active,
    tabStop: focused ?? query,
    handlers: {
      ...handlers,
      onClick: (event) => {
        handlers.onClick(event);
        const token = tokenOf(event.target, event);
        if (token !== null) announce(speak(token));
      },
    },
  };
}
