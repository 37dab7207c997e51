import { useState, type FocusEvent, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react';
import { announce } from '@/components/charts/announce';
import { useAnnounceAtRest } from '@/components/charts/use-announce-at-rest';
import { tokenOf } from '@/components/charts/data-attributes';
import { moveToken } from '@/lib/viz/grid-moves';
import { isLarge, type PatchGeometry } from '@/lib/viz/patch-geometry';

export interface TokenGridOptions {
  readonly geometry: PatchGeometry;
  readonly query: number;
  readonly onSelectQuery: (token: number) => void;
  readonly activeToken: number | null | undefined;
  readonly onActiveToken: ((token: number | null) => void) | undefined;
  /** What is said while the pointer rests on a token. */
  readonly speak: (token: number) => string;
  /** Whether moving the focus chooses the query at once, as in a group of radio buttons; if not, Enter or Space does. */
  readonly selectOnMove: boolean;
}

export interface TokenGrid {
  /** The token under the pointer or the keyboard. */
  readonly active: number | null;
  /** The one token that Tab leads to. */
  readonly tabStop: number;
  /** For the element with role `grid`; its tokens carry `data-token`. */
  readonly handlers: {
    readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    readonly onClick: (event: MouseEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
    readonly onBlur: (event: FocusEvent<HTMLElement>) => void;
  };
}

/** Pointer and keyboard over the tokens of a picture: one tab stop, arrows within, click, Enter or Space to choose. */
export function useTokenGrid(options: TokenGridOptions): TokenGrid {
  const { geometry, query, onSelectQuery, onActiveToken, speak, selectOnMove } = options;
  const [ownActive, setOwnActive] = useState<number | null>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const announceAtRest = useAnnounceAtRest();
  const active = options.activeToken === undefined ? ownActive : options.activeToken;

  const activate = (token: number | null) => {
    setOwnActive(token);
    if (token !== active) onActiveToken?.(token);
  };
  const select = (token: number) => {
    if (token !== query) onSelectQuery(token);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const token = tokenOf(event.target);
    if (token === null || event.altKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      select(token);
      return;
    }
    const moved = moveToken(token, event, geometry);
    if (moved === null) return;
    event.preventDefault();
    focusToken(event.currentTarget, moved);
    // Of a large grid the one cell moves along, with the focus in it.
    setFocused(moved);
    activate(moved);
    if (isLarge(geometry)) announce(speak(moved));
    if (selectOnMove) select(moved);
  };

  const onClick = (event: MouseEvent<HTMLElement>) => {
    const token = tokenOf(event.target, event);
    if (token === null) return;
    select(token);
    announce(speak(token));
  };

  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const token = tokenOf(event.target, event);
    if (token === null || token === active) return;
    activate(token);
    announceAtRest(speak(token));
  };

  // A keyboard that stays in the grid keeps its place when the pointer goes.
  const onPointerLeave = () => {
    announceAtRest('');
    activate(focused);
  };

  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const token = tokenOf(event.target);
    setFocused(token);
    activate(token);
  };

  const onBlur = (event: FocusEvent<HTMLElement>) => {
    if (event.currentTarget.contains(event.relatedTarget)) return;
    setFocused(null);
    activate(null);
  };

  return {
    active,
    tabStop: focused ?? query,
    handlers: { onKeyDown, onClick, onPointerMove, onPointerLeave, onFocus, onBlur },
  };
}

function focusToken(grid: HTMLElement, token: number): void {
  const cell =
    grid.querySelector<HTMLElement>(`[data-token="${token}"]`) ?? grid.querySelector<HTMLElement>('[data-roving]');
  cell?.focus();
}
