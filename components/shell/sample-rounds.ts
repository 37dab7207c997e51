import type { FamilySample } from '@/state/app-state';

/**
 * Samples in rounds: where their classes are known and there are several of each, a round shows one of every class, in the order of
 * the classes; otherwise one round shows all.
 */
export function sampleRounds(samples: readonly FamilySample[]): readonly (readonly FamilySample[])[] {
  const byClass = new Map<number, FamilySample[]>();
  for (const sample of samples) {
    if (sample.classIndex === null) return [samples];
    byClass.set(sample.classIndex, [...(byClass.get(sample.classIndex) ?? []), sample]);
  }
  const classes = [...byClass].sort(([a], [b]) => a - b).map(([, ofClass]) => ofClass);
  const rounds = Math.max(1, ...classes.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) =>
    classes.flatMap((ofClass) => ofClass[round % ofClass.length] ?? []),
  );
}

/** The round in which a sample is shown; 0 for one that is not there. */
export function roundOf(rounds: readonly (readonly FamilySample[])[], key: string): number {
  return Math.max(
    0,
    rounds.findIndex((round) => round.some((sample) => sample.key === key)),
  );
}
