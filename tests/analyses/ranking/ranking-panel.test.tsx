// @vitest-environment jsdom
import { RANKING, RANKING_METRICS, type RankingGrid, type RankingStudy } from '@/analyses/ranking/protocol';
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RankingPanel } from '@/analyses/ranking/ranking-panel';
import { requestKey } from '@/state/analyses-slice';
import type { AppState } from '@/state/app-state';
import { FAMILY } from '@/tests/fashion-mnist';
import type { CellValue } from '@/lib/metrics/cell';
import { renderInApp } from '../../components/fake-app';

afterEach(cleanup);

/** Every layer and metric alike; a head is one cell of 50 rows. */
function grid(cell: CellValue): RankingGrid {
  const cells: readonly (readonly CellValue[])[] = Array.from({ length: FAMILY.layers }, () =>
    Array.from({ length: FAMILY.heads }, () => cell),
  );
  return Object.fromEntries(RANKING_METRICS.map((metric) => [metric, cells])) as RankingGrid; // RANKING_METRICS has every key
}

const defined = (value: number): CellValue => ({ value, definedRows: 50, totalRows: 50 });
const undefinedCell: CellValue = { value: null, definedRows: 0, totalRows: 50 };
const study: RankingStudy = {
  students: {
    baseline: { before: grid(defined(0.02)), after: grid(undefinedCell) },
    ranking: { before: grid(defined(0.51)), after: grid({ value: 0.25, definedRows: 3, totalRows: 50 }) },
    'bi-vit': { before: grid(defined(0.49)), after: grid(defined(0.36)) },
  },
  teacherTieShare: grid(defined(0.125)).tieShare,
};
const here: Partial<AppState> = {
  analyses: {
    ranking: {
      result: study,
      stale: false,
      asked: requestKey('ranking', { k: 8 }),
      running: false,
      progress: null,
      error: null,
    },
  },
};

const texts = (name: RegExp) =>
  within(screen.getByRole('row', { name }))
    .getAllByRole('cell')
    .map(({ textContent }) => textContent);

describe('the order of the rows', () => {
  it('asks the worker for the k of the tab', () => {
    const { actions } = renderInApp(<RankingPanel k={3} onK={() => undefined} />);
    expect(actions.analyze).toHaveBeenCalledWith(RANKING, { k: 3 });
  });

  it('gives every student’s mean with the rows it is over, and n/a where it is defined in none', () => {
    renderInApp(<RankingPanel k={8} onK={() => undefined} />, here);
    expect(texts(/^Baseline/)).toEqual(['0.020200 of 200', 'n/a0 of 200']);
    expect(texts(/^\+ ranking/)).toEqual(['0.510200 of 200', '0.25012 of 200']);
    expect(
      screen.getByText(/distillation alone lifts it to 0\.51; with both cures \(Bi-ViT\) it is 0\.49/),
    ).toBeDefined();
    expect(screen.queryByRole('row', { name: /^Teacher/ })).toBeNull();
  });

  it('shows the teacher’s own line with the tie share, and no other', async () => {
    renderInApp(<RankingPanel k={8} onK={() => undefined} />, here);
    await userEvent.click(screen.getByRole('radio', { name: 'ties' }));
    expect(texts(/^Teacher/)).toEqual(['0.125200 of 200', '–']);
    expect(screen.getByRole('button', { name: /^Teacher, scores/ })).toBeDefined();
  });

  it('goes along the heads of the chosen layer as well, and says n/a in the table', async () => {
    renderInApp(<RankingPanel k={8} onK={() => undefined} />, here);
    await userEvent.click(screen.getByRole('radio', { name: 'heads' }));
    expect(texts(/^Bi-ViT/)).toEqual(['0.49050 of 50', '0.36050 of 50']);
    await userEvent.click(screen.getByRole('button', { name: 'View as table' }));
    expect(texts(/^head 1/).slice(0, 2)).toEqual(['0.02', 'n/a']);
  });

  it('refuses a k that is no number of keys', async () => {
    const onK = vi.fn<(k: number) => void>();
    renderInApp(<RankingPanel k={8} onK={onK} />, here);
    const input = screen.getByRole('textbox', { name: /^How many keys/ });
    await userEvent.clear(input);
    await userEvent.type(input, '0');
    expect(onK).not.toHaveBeenCalled();
  });
});
