import { useMediaQuery } from '@mantine/hooks';

/** Whether there is room for two maps beside one another only, as the style sheets here have it. */
export function useNarrow(): boolean {
  return useMediaQuery('(max-width: 47.99em)') ?? false;
}
