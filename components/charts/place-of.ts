import type { GridPlace } from '@/lib/viz/grid-moves';

/** The numbers in a data attribute of the nearest element that has it, from an event's target outwards; none where no element has it. */
function numbersOf(target: EventTarget, attribute: string): readonly number[] {
  if (!(target instanceof Element)) return [];
  const value = target.closest(`[${attribute}]`)?.getAttribute(attribute);
  return value?.split(',').map(Number) ?? [];
}

/** Of a cell that says where it is: `data-at="2,3"`. */
export function placeOf(target: EventTarget): GridPlace | null {
  const [row, column] = numbersOf(target, 'data-at');
  return row === undefined || column === undefined ? null : { row, column };
}

/** Of an element that says which it is, by one number: `data-token="12"`. */
export function indexOf(target: EventTarget, attribute: `data-${string}`): number | null {
  return numbersOf(target, attribute)[0] ?? null;
}
