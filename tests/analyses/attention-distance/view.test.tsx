// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { ATTENTION_DISTANCE, type DistanceStudy } from '@/analyses/attention-distance/protocol';
import AttentionDistanceTab from '@/analyses/attention-distance/view';
import type { CellValue } from '@/lib/metrics/cell';
import { NOT_ASKED, requestKey } from '@/state/analyses-slice';
import { renderInApp } from '@/tests/components/fake-app';

afterEach(cleanup);

const cell = (value: number | null): CellValue => ({ value, definedRows: value === null ? 0 : 49, totalRows: 49 });
const layers = (...values: readonly (number | null)[]) => Array.from({ length: 4 }, () => values.map(cell));

const STUDY: DistanceStudy = {
  members: {
    teacher: { attention: layers(4, 6, 10, 12), attentionBinary: null },
    'bi-vit': { attention: layers(9, 10, 11, 12), attentionBinary: layers(8, null, 10, 12) },
  },
  flat: [14.5, 14.5, 14.5, 14.5],
};

function show(map: 'softmaxed' | 'binarized' = 'softmaxed') {
  const { id } = ATTENTION_DISTANCE;
  const shown = renderInApp(<AttentionDistanceTab />, {
    analyses: { [id]: { ...NOT_ASKED, asked: requestKey(id, {}), result: STUDY } },
  });
  if (map === 'binarized') shown.app.store.setState(({ selection }) => ({ selection: { ...selection, map } }));
  return shown;
}

describe('the tab of attention distances', () => {
  it('says how far the heads of the chosen layer look', () => {
    show();
    expect(
      screen.getByText(/^In layer 1, the teacher’s heads look 4\.0 px to 12\.0 px far; Bi-ViT’s heads look 9\.0 px/),
    ).toBeTruthy();
    expect(screen.getByText(/A row that prefers nothing gives 14\.5 px\.$/)).toBeTruthy();
  });

  it('counts rows without weight, and calls their distance n/a', async () => {
    show('binarized');
    expect(
      await screen.findByText(/Bi-ViT’s heads look 8\.0 px to 12\.0 px far \(49 of 196 rows have no weight/),
    ).toBeTruthy();
    const [table] = screen.getAllByRole('button', { name: 'View as table' }).slice(1);
    if (table === undefined) throw new Error('no table');
    await userEvent.click(table);
    const row = within(screen.getByRole('table')).getAllByRole('row')[1];
    expect(row?.textContent).toBe('layer 18.0 pxn/a10.0 px12.0 px10.0 px14.5 px');
  });

  it('chooses a layer', async () => {
    const { actions } = show();
    const [option] = screen.getAllByRole('gridcell', { name: /^layer 3: head 1 4\.0 px/ });
    if (option === undefined) throw new Error('no layer 3');
    await userEvent.click(option);
    expect(actions.select).toHaveBeenLastCalledWith({ layer: 2 });
  });
});
