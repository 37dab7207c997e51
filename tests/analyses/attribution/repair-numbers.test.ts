import type { RepairStudy } from '@/analyses/attribution/protocol';
import { describe, expect, it } from 'vitest';
import {
  flipOf,
  gapShare,
  recovered,
  repairAt,
  repairSentence,
  repairSummary,
} from '@/analyses/attribution/repair-numbers';

const classNames = ['Shirt', 'Ankle boot', 'Sneaker'];

/** Two layers of two heads; class 1. */
const study: RepairStudy = {
  studentId: 'baseline',
  classIndex: 1,
  studentLogit: 2,
  teacherLogit: 6,
  heads: [
    [
      { logit: 3.36, predicted: 1 },
      { logit: 1, predicted: 2 },
    ],
    [
      { logit: 2, predicted: 2 },
      { logit: 10, predicted: 1 },
    ],
  ],
  layers: [
    { logit: 4, predicted: 1 },
    { logit: NaN, predicted: 0 },
  ],
  all: { logit: 6, predicted: 1 },
};
const head = (layer: number, index: number) => ({ kind: 'head', layer, head: index }) as const;
const tell = (target: Parameters<typeof repairAt>[1], before: number | null = 2, of: RepairStudy = study) =>
  repairSentence(of, { target, classNames, before });

describe('a repair in numbers', () => {
  it('is the logit won, and its share of the gap', () => {
    expect(recovered(study, repairAt(study, head(0, 0)))).toBeCloseTo(1.36, 10);
    expect(gapShare(study, repairAt(study, head(0, 0)))).toBeCloseTo(0.34, 10);
    expect(gapShare(study, repairAt(study, { kind: 'all' }))).toBe(1);
    expect(gapShare(study, repairAt(study, head(0, 1)))).toBe(-0.25);
  });

  it('has a share below 0 for a logit that moves away from a teacher below the student', () => {
    expect(gapShare({ ...study, teacherLogit: 1 }, { logit: 3, predicted: 1 })).toBe(-1);
  });

  it('has no share without a gap, and no number from a logit that is none', () => {
    expect(gapShare({ ...study, teacherLogit: 2 }, study.all)).toBeNull();
    expect(recovered(study, repairAt(study, { kind: 'layer', layer: 1 }))).toBeNull();
    expect(repairAt(study, head(5, 0))).toBeNull();
  });
});

describe('a flip', () => {
  it('goes to the right class, from it, or between wrong ones', () => {
    expect(flipOf({ logit: 0, predicted: 1 }, 2, 1)).toBe('to');
    expect(flipOf({ logit: 0, predicted: 2 }, 1, 1)).toBe('from');
    expect(flipOf({ logit: 0, predicted: 0 }, 2, 1)).toBe('other');
  });

  it('is none where the prediction stays, or is not known', () => {
    expect(flipOf({ logit: 0, predicted: 2 }, 2, 1)).toBeNull();
    expect(flipOf({ logit: 0, predicted: 2 }, null, 1)).toBeNull();
  });
});

describe('the sentence of a repair', () => {
  it('says what rises, by how much, of which gap, and what becomes of the prediction', () => {
    expect(tell(head(0, 0))).toBe(
      'Giving layer 1, head 1 the teacher’s attention back raises the Ankle boot logit by 1.36, 34\u202f% of the gap. The prediction changes from Sneaker to Ankle boot.',
    );
  });

  it('says that a repair hurts', () => {
    expect(tell(head(0, 1))).toContain('lowers the Ankle boot logit by 1.00, away from the teacher’s by 25\u202f%');
    expect(tell(head(0, 1))).toContain('stays Sneaker');
  });

  it('says that nothing changes, and that a repair goes past the teacher', () => {
    expect(tell(head(1, 0))).toMatch(/leaves the Ankle boot logit as it is\. /);
    expect(tell(head(1, 1))).toContain('past the teacher’s: 200\u202f% of the gap');
  });

  it('says n/a without a gap, and for a logit that is no number', () => {
    expect(tell({ kind: 'all' }, 2, { ...study, teacherLogit: 2 })).toContain('no gap to close (n/a)');
    expect(tell({ kind: 'layer', layer: 1 })).toContain('n/a');
  });

  it('names the best single head and counts those that hurt', () => {
    expect(repairSummary(study)).toBe('The one head that helps most is layer 2, head 2 (+8.00). 1 of 4 hurts.');
    const none = {
      ...study,
      heads: [
        [
          { logit: 1, predicted: 0 },
          { logit: 2, predicted: 0 },
        ],
      ],
    };
    expect(repairSummary(none)).toBe('No single head helps. 1 of 2 hurts.');
    expect(repairSummary({ ...study, heads: [[{ logit: NaN, predicted: 0 }]] })).toBeNull();
  });
});
