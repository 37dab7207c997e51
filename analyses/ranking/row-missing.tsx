import { Skeleton } from '@mantine/core';
import { modelName } from '@/components/analysis/model-names';
import { useMinHeight } from '@/analyses/ranking/use-min-height';
import type { Rows } from '@/analyses/ranking/use-rows';
import classes from './ranking.module.css';

interface RowMissingProps {
  readonly rows: Rows;
  /** What the chart would take in columns and without, pixels, so that nothing jumps. */
  readonly wide: number;
  readonly narrow: number;
}

/** In the place of a chart whose row is not here, or has no ranking: with the reason. */
export function RowMissing({ rows, wide, narrow }: RowMissingProps) {
  const minHeight = useMinHeight(wide, narrow);
  if (!rows.ready) {
    return (
      <>
        <Skeleton height={minHeight} />
        <span className="lens-visually-hidden">Waiting for the row.</span>
      </>
    );
  }
  return (
    <div className={classes.missing} style={{ minHeight }}>
      <p>
        <strong>n/a</strong> {reasonOf(rows)}
      </p>
    </div>
  );
}

function reasonOf({ teacher, student, studentId }: Rows): string {
  if (teacher === null || student === null) {
    return `${modelName(studentId)} does not binarize its attention: it has no row after the binarizer.`;
  }
  if ([...teacher, ...student].some((value) => Number.isNaN(value)))
    return 'The row holds values that are not numbers.';
  return 'The teacher’s row is constant: it puts no key before another, so there is no order to keep.';
}
