import type { Sample } from '@/lib/images/samples';
import { FAMILY } from '@/engine/protocol';

/**
 * The shipped test images in rounds of ten: each round shows one of every class, in the order of the classes.
 */
export function sampleRound(samples: readonly Sample[], round: number): readonly Sample[] {
  return byClass(samples).flatMap((ofClass) => {
    const sample = ofClass[round % Math.max(1, ofClass.length)];
    return sample === undefined ? [] : [sample];
  });
}

/** The round in which a sample is shown; 0 for one that is not there. */
export function roundOf(samples: readonly Sample[], index: number): number {
  return Math.max(0, ...byClass(samples).map((ofClass) => ofClass.findIndex((sample) => sample.index === index)));
}

export function roundCount(samples: readonly Sample[]): number {
  return Math.max(1, ...byClass(samples).map(({ length }) => length));
}

function byClass(samples: readonly Sample[]): readonly (readonly Sample[])[] {
  return Array.from({ length: FAMILY.classes }, (_, label) => samples.filter((sample) => sample.label === label));
}
