/**
 * The paper's theoretical speedups. No exact count gives them: each is the quotient of two table entries in G that were rounded to two
 * decimals. [D]
 */
interface PublishedRatio {
  readonly ratio: number;
  /** 1e9 operations, rounded to two decimals. */
  readonly realGigaOps: number;
  readonly binaryGigaOps: number;
}

export const PUBLISHED = {
  deit_tiny: { ratio: 61.5, realGigaOps: 1.23, binaryGigaOps: 0.02 },
  swin_tiny: { ratio: 56.1, realGigaOps: 4.49, binaryGigaOps: 0.08 },
} as const satisfies { readonly [Architecture in string]: PublishedRatio };

/** Where the speedup is measured: counting runs nothing. */
export const NOT_MEASURED = 'not by counting: npm run bench times them, and the Cost tab does in a browser';

/** @param architecture a key of `ARCHITECTURES` @returns `null` where the paper prints none */
export function publishedRatio(architecture: string): PublishedRatio | null {
  return architecture === 'deit_tiny' || architecture === 'swin_tiny' ? PUBLISHED[architecture] : null;
}

/** Half of the last printed decimal. */
const ROUNDING = 0.005;

/** All quotients that two such rounded entries may represent. */
export function ratioBounds({ realGigaOps, binaryGigaOps }: PublishedRatio): {
  readonly low: number;
  readonly high: number;
} {
  return {
    low: (realGigaOps - ROUNDING) / (binaryGigaOps + ROUNDING),
    high: (realGigaOps + ROUNDING) / (binaryGigaOps - ROUNDING),
  };
}
