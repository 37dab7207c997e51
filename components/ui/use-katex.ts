import { useEffect, useState } from 'react';
import type { renderFormula } from '@/components/ui/katex-chunk';

type Renderer = typeof renderFormula;

/** Kept once loaded, so that later formulas are set at once. */
let loaded: Renderer | null = null;

/** KaTeX with its style sheet and fonts, from a chunk of its own that comes with the first formula; `null` until it is there. */
export function useKatex(): Renderer | null {
  const [renderer, setRenderer] = useState<{ readonly render: Renderer } | null>(null);
  useEffect(() => {
    if (loaded !== null) return;
    let wanted = true;
    import('@/components/ui/katex-chunk').then(
      (chunk) => {
        loaded = chunk.renderFormula;
        if (wanted) setRenderer({ render: loaded });
      },
      // Offline, say. The source stays on the page, which is readable.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, []);
  return renderer?.render ?? loaded;
}
