// @vitest-environment jsdom
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AttentionPanel } from '@/analyses/attention/attention-panel';
import { ComparePanel } from '@/analyses/attention/compare-panel';
import { Footer } from '@/components/shell/footer';
import { ModelPanel } from '@/components/shell/model-panel';
import { PredictionsPanel } from '@/components/shell/predictions-panel';
import { RowPanel } from '@/analyses/attention/row-panel';
import { StatusPanel } from '@/components/shell/status-panel';
import { TopBar } from '@/components/shell/top-bar';
import { DEFAULT_SELECTION } from '@/state/selection-types';
import { greyImage } from '@/state/sample-sources';
import { allSamples, makeExploration, makeState, makeTrace, renderInApp, showing } from '../fake-app';

afterEach(cleanup);

const teacher = makeTrace(1, null);
const student = makeTrace(2, 0.05);

describe('the numbers of a row', () => {
  const cells = (name: RegExp): readonly string[] => {
    const row = screen.getByRole('row', { name });
    return within(row)
      .getAllByRole('cell')
      .map((cell) => cell.textContent ?? '');
  };

  it('say that a student equal to its teacher is as the teacher', () => {
    const same = { ...student, layers: teacher.layers };
    renderInApp(<RowPanel />, showing(makeExploration({ teacher, 'bi-vit': same })));
    expect(cells(/^Cosine/)[0]).toBe('1.000');
    expect(cells(/^Jensen/)[0]).toBe('0.000');
    expect(cells(/^Kendall/)[0]).toBe('1.000');
    expect(cells(/^Top-5/)[0]).toBe('1.000');
    expect(cells(/^Entropy difference/)[0]).toBe('0.000');
  });

  it('are undefined, and not 0, where a binarized row is empty', () => {
    const dead = makeTrace(2, 100); // no p reaches alpha / 2
    renderInApp(<RowPanel />, showing(makeExploration({ teacher, 'bi-vit': dead })));
    for (const name of [/^Cosine/, /^Jensen/, /^Kendall/, /^Top-5/]) expect(cells(name)[1]).toBe('n/a');
    expect(cells(/^Tied pairs/)[2]).toBe('1.000');
  });

  it('are dashes until there is a trace', () => {
    renderInApp(<RowPanel />);
    expect(cells(/^Cosine/)).toEqual(['–', '–']);
  });
});

describe('attention', () => {
  it('shows teacher, student before and after its binarizer, and the difference', () => {
    renderInApp(<AttentionPanel />, showing(makeExploration({ teacher, 'bi-vit': student })));
    const names = screen.getAllByRole('grid').map((grid) => grid.getAttribute('aria-label'));
    expect(names).toHaveLength(4);
    expect(names[0]).toMatch(/^Teacher/);
    expect(names[3]).toMatch(/^Difference/);
  });

  it('keeps the room of a trace that is not here yet, and hides the placeholder from everyone', () => {
    renderInApp(<AttentionPanel />, showing(makeExploration({ teacher })));
    expect(screen.getAllByRole('grid')).toHaveLength(1);
    expect(screen.getAllByText(/^Waiting for/)).toHaveLength(3);
  });

  it('asks for another query where one is clicked', async () => {
    const { actions } = renderInApp(<AttentionPanel />, showing(makeExploration({ teacher, 'bi-vit': student })));
    const [grid] = screen.getAllByRole('grid');
    if (grid === undefined) throw new Error('no grid');
    const cell = within(grid).getAllByRole('gridcell')[3];
    if (cell === undefined) throw new Error('no cell');
    await userEvent.click(cell);
    expect(actions.select).toHaveBeenCalledWith({ query: 4 });
  });
});

describe('predictions', () => {
  it('are judged by the class of the picture that they are of, while another one waits for its own', () => {
    const shown = showing(makeExploration({ teacher }));
    const [, next] = allSamples();
    if (shown.results === undefined || next === undefined) throw new Error('no results or no second sample');
    renderInApp(<PredictionsPanel />, {
      results: { ...shown.results, stale: true, trueClass: 3 },
      image: { samples: allSamples(), current: greyImage(next) },
    });
    expect(screen.getByText(/\(true class\)/).textContent).toBe(
      `probability of ${DEFAULT_FAMILY.classNames[3]} (true class)`,
    );
  });

  it('show n/a for a model whose logits are not numbers', () => {
    const broken = { ...student, logits: student.logits.map(() => Number.NaN) };
    renderInApp(<PredictionsPanel />, showing(makeExploration({ teacher, 'bi-vit': broken })));
    const [ofTeacher] = screen.getAllByRole('listitem');
    expect(ofTeacher?.textContent).toMatch(/%/);
    expect(screen.getAllByRole('listitem')[4]?.textContent).toMatch(/n\/a/);
  });
});

describe('the model', () => {
  it('is chosen by the two switches', async () => {
    const { actions } = renderInApp(<ModelPanel />);
    await userEvent.click(screen.getByRole('switch', { name: /scaling factor/ }));
    expect(actions.select).toHaveBeenLastCalledWith({ scaling: false, ranking: true });
    await userEvent.click(screen.getByRole('switch', { name: /distillation/ }));
    expect(actions.select).toHaveBeenLastCalledWith({ scaling: true, ranking: false });
  });

  it('hands a dropped checkpoint to the engine and lists what was ignored', async () => {
    const { actions, container } = renderInApp(<ModelPanel />);
    actions.replaceMember.mockResolvedValue({
      config: DEFAULT_FAMILY.config,
      isBinary: true,
      missing: [],
      parameters: 1234,
      used: 7,
      ignored: [{ key: 'ema.decay', why: 'no parameter of this model' }],
    });
    const menu = container.querySelector('details');
    if (menu === null) throw new Error('no menu');
    // jsdom opens no <details> by its summary.
    menu.open = true;
    fireEvent(menu, new Event('toggle'));
    await screen.findByText('Choose a file, or drop it here');
    const input = container.querySelector<HTMLInputElement>('input[type="file"]');
    if (input === null) throw new Error('no file input');
    const file = Object.assign(new File(['bytes'], 'mine.safetensors'), {
      arrayBuffer: async () => new ArrayBuffer(5),
    });
    await userEvent.upload(input, file, { applyAccept: false });
    await vi.waitFor(() => expect(actions.replaceMember).toHaveBeenCalled());
    expect(actions.replaceMember.mock.calls[0]?.slice(0, 2)).toEqual(['bi-vit', 'mine.safetensors']);
    expect((await screen.findByText(/stands in for/)).textContent).toMatch(/1,234 parameters, 7 keys used, 1 ignored/);
    expect(screen.getByText('ema.decay')).toBeTruthy();
  });
});

describe('compare mode', () => {
  it('starts with the teacher and the chosen student', async () => {
    const { actions } = renderInApp(<ComparePanel />);
    await userEvent.click(screen.getByRole('switch'));
    expect(actions.select).toHaveBeenCalledWith({ compare: ['teacher', 'bi-vit'] });
  });

  it('never goes below two models', async () => {
    const selection = { ...DEFAULT_SELECTION, compare: ['teacher', 'baseline'] as const };
    renderInApp(<ComparePanel />, { selection });
    await screen.findAllByRole('checkbox');
    for (const box of screen.getAllByRole<HTMLInputElement>('checkbox', { checked: true }))
      expect(box.disabled).toBe(true);
    for (const box of screen.getAllByRole<HTMLInputElement>('checkbox', { checked: false })) {
      expect(box.disabled).toBe(false);
    }
  });
});

describe('the status', () => {
  it('says how often the worker was restarted', () => {
    const { engine } = makeState();
    renderInApp(<StatusPanel />, {
      engine: { ...engine, phase: 'ready', backend: 'wasm', reason: 'Fast here.', restarts: 2 },
    });
    expect(screen.getByText(/ready, restarted 2 times/)).toBeTruthy();
    expect(screen.getByText('Fast here.')).toBeTruthy();
  });

  it('restarts on the backend that was chosen', async () => {
    const { actions } = renderInApp(<StatusPanel />);
    await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'Backend' }), 'cpu');
    expect(actions.restartEngine).toHaveBeenCalledWith('cpu');
  });
});

describe('the top bar', () => {
  it('offers undo and redo only where there is something to go to', () => {
    renderInApp(<TopBar />, { history: { past: [DEFAULT_SELECTION], future: [], last: null } });
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Undo/ }).disabled).toBe(false);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Redo/ }).disabled).toBe(true);
  });
});

describe('the keys of undo and redo', () => {
  it('work where a switch has the focus, and leave text fields alone', async () => {
    const { actions } = renderInApp(
      <>
        <TopBar />
        <input type="checkbox" aria-label="a switch" />
        <input aria-label="a text" />
      </>,
    );
    await userEvent.click(screen.getByLabelText('a switch'));
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(actions.undo).toHaveBeenCalledTimes(1);
    await userEvent.keyboard('{Control>}{Shift>}z{/Shift}{/Control}');
    expect(actions.redo).toHaveBeenCalledTimes(1);
    await userEvent.click(screen.getByLabelText('a text'));
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(actions.undo).toHaveBeenCalledTimes(1);
  });
});

describe('the footer', () => {
  it('keeps what was published apart from what was measured', () => {
    renderInApp(<Footer />);
    expect(screen.getByRole('columnheader', { name: /^As published/ })).toBeTruthy();
    const row = screen.getByRole('row', { name: /^Bi-ViT/ });
    expect(
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    ).toEqual(['28.7\u202f%', '–']);
  });
});
