import { useState, type FocusEvent, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react';

/** Where a pointer is, for items without elements of their own. */
export type PointerAt = Pick<globalThis.MouseEvent, 'clientX' | 'clientY'>;

export interface RovingFocusOptions<Item> {
  /** The item that an event's target belongs to. */
  readonly itemAt: (target: EventTarget, pointer?: PointerAt) => Item | null;
  /** Finds the element of an item. */
  readonly selectorOf: (item: Item) => string;
  /** Where a key leads from an item; `null` for keys that do not move. */
  readonly move: (item: Item, event: KeyboardEvent) => Item | null;
  /** Click, Enter or Space. */
  readonly onSelect?: ((item: Item) => void) | undefined;
  /** Moving by key selects too, as in a group of radio buttons. */
  readonly selectOnMove?: boolean;
  /** The item under the pointer, or else the one with the focus. Repeated while the pointer moves. */
  readonly onActive?: (item: Item | null, by: 'pointer' | 'touch' | 'leave' | 'focus' | 'key') => void;
}

export interface RovingFocus<Item> {
  readonly focused: Item | null;
  /** For the element around all items. */
  readonly handlers: {
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly onClick: (event: MouseEvent) => void;
    readonly onFocus: (event: FocusEvent) => void;
    readonly onBlur: (event: FocusEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
  };
}

/** Items that share one tab stop: keys move the focus among them, click, Enter or Space selects (WAI-ARIA roving tabindex). */
export function useRovingFocus<Item>(options: RovingFocusOptions<Item>): RovingFocus<Item> {
  const { itemAt, selectorOf, move, onSelect, selectOnMove = false, onActive } = options;
  const [focused, setFocused] = useState<Item | null>(null);
  return {
    focused,
    handlers: {
      onKeyDown: (event) => {
        const item = itemAt(event.target);
        if (item === null || event.altKey || event.metaKey) return;
        if ((event.key === 'Enter' || event.key === ' ') && onSelect !== undefined) {
          event.preventDefault();
          onSelect(item);
          return;
        }
        const next = move(item, event);
        if (next === null) return;
        event.preventDefault();
        const root = event.currentTarget;
        const find = (selector: string) => root.querySelector<HTMLElement | SVGElement>(selector);
        // A large grid has one element for all its items, which follows the state.
        (find(selectorOf(next)) ?? find('[data-roving]'))?.focus();
        setFocused(next);
        onActive?.(next, 'key');
        if (selectOnMove) onSelect?.(next);
      },
      onClick: (event) => {
        const item = itemAt(event.target, event);
        if (item !== null) onSelect?.(item);
      },
      onFocus: (event) => {
        const item = itemAt(event.target);
        setFocused(item);
        onActive?.(item, 'focus');
      },
      onBlur: (event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setFocused(null);
        onActive?.(null, 'focus');
      },
      onPointerMove: (event) => {
        const item = itemAt(event.target, event);
        if (item !== null) onActive?.(item, event.pointerType === 'touch' ? 'touch' : 'pointer');
      },
      onPointerLeave: () => onActive?.(focused, 'leave'),
    },
  };
}
