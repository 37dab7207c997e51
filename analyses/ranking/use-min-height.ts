import { useMediaQuery } from '@mantine/hooks';

/** Where the columns of this tab stand side by side; as in ranking.module.css. */
const WIDE = '(min-width: 64em)';

/** The height to keep free for what is not here yet, pixels: less where it will stand in columns. */
export function useMinHeight(wide: number, narrow: number): number {
  return useMediaQuery(WIDE, true) === false ? narrow : wide;
}
