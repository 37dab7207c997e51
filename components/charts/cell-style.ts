import type { ColorScale } from '@/lib/viz/color-scale';
import { textColorOn } from '@/lib/viz/contrast';
import { cssColor, scaleColor } from '@/lib/viz/scale-color';

/** A cell in the colour of its value, with letters that can be read on it; nothing for an undefined one, which is hatched. */
export function cellStyle(
  scale: ColorScale,
  value: number | null,
): { readonly background?: string; readonly color?: string } {
  const background = scaleColor(scale, value);
  return background === null ? {} : { background: cssColor(background), color: cssColor(textColorOn(background)) };
}
