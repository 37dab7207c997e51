import type { PointerAt } from '@/components/ui/use-roving-focus';
import type { GridCell } from '@/lib/viz/grid-moves';

/** The numbers in a data attribute of the target or of its nearest ancestor that has it. */
function numbersOf(target: EventTarget, attribute: string): readonly number[] {
  if (!(target instanceof Element)) return [];
  const value = target.closest(`[${attribute}]`)?.getAttribute(attribute);
  return value?.split(',').map(Number) ?? [];
}

/** The cell of `data-at="2,3"`. */
export function gridCellAt(target: EventTarget): GridCell | null {
  const [row, column] = numbersOf(target, 'data-at');
  return row === undefined || column === undefined ? null : { row, column };
}

export function selectorOfCell({ row, column }: GridCell): string {
  return `[data-at="${row},${column}"]`;
}

/** The index of, say, `data-token="12"`. */
export function indexOf(target: EventTarget, attribute: `data-${string}`): number | null {
  return numbersOf(target, attribute)[0] ?? null;
}

/**
 * The token of a cell (`data-token`), or the one under the pointer in a picture without a cell for each patch (`data-patches`: columns,
 * rows, class tokens).
 */
export function tokenOf(target: EventTarget, pointer?: PointerAt): number | null {
  const picture = target instanceof Element ? target.closest('[data-patches]') : null;
  if (picture === null || pointer === undefined) return indexOf(target, 'data-token');
  const [columns = 1, rows = 1, classTokens = 0] = numbersOf(picture, 'data-patches');
  const { left, top, width, height } = picture.getBoundingClientRect();
  const column = Math.floor(((pointer.clientX - left) / width) * columns);
  const row = Math.floor(((pointer.clientY - top) / height) * rows);
  if (!(column >= 0 && column < columns && row >= 0 && row < rows)) return null;
  return classTokens + row * columns + column;
}
